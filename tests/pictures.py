"""What tests of pictures share: components with names and lines of any kind, and what an SVG document says of itself."""

from xml.etree import ElementTree as ET

from cycles.cuts import take_apart
from cycles.diagrams import Drawing, drawing
from cycles.model import Analysis, Component, Dependency, Import, ModuleFile
from cycles.words import GraphName, Kind

SVG = "{http://www.w3.org/2000/svg}"


def drawings(analysis: Analysis) -> list[Drawing]:
    return [drawing(analysis, cutting) for cutting in take_apart(analysis.components)]


def made_up(
    *edges: tuple[str, str], line_contents: str = "import x", path: str = "p.py", kind: Kind = Kind.EAGER
) -> tuple[Analysis, Component]:
    """An analysis of one component with these dependencies, whatever the modules are called."""
    modules = tuple(sorted({name for edge in edges for name in edge}))
    dependencies = tuple(
        Dependency(
            importer,
            imported,
            implied=False,
            imports=(Import(importer, imported, path, 1, line_contents, kind, (), ()),),
        )
        for importer, imported in sorted(edges)
    )
    component = Component(
        number=1,
        modules=modules,
        inside=len(modules),
        shortest_cycle=modules[:2],
        dependencies=dependencies,
        eager_modules=len(modules),
        held_by=(),
    )
    analysis = Analysis(
        package=modules[0],
        roots=(modules[0],),
        folder="/x",
        project="/x",
        files=tuple(ModuleFile(name, f"/x/{path}", is_package=False, folder="/x") for name in modules),
        compiled=(),
        mentions=(),
        closing=(),
        modules=len(modules),
        imports=len(edges),
        skipped=(),
        self_imports=(),
        summaries=(),
        graph=GraphName.ALL,
        components=(component,),
    )
    return analysis, component


def boxes(svg: str) -> dict[str, ET.Element]:
    """The rectangle of every module in a diagram; each must be there once."""
    found: dict[str, ET.Element] = {}
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        if group.get("class") == "node":
            assert group.attrib["id"] not in found
            found[group.attrib["id"]] = next(group.iter(f"{SVG}rect"))
    return found


def upward(svg: str) -> list[tuple[str, str]]:
    """The imports that stay although they do not point down, by the coordinates of the boxes at their ends."""
    places = boxes(svg)
    lines = [group for group in ET.fromstring(svg).iter(f"{SVG}g") if group.get("data-importer")]
    pairs = [
        (line.attrib["data-importer"], line.attrib["data-imported"])
        for line in lines
        if "cut" not in line.attrib["class"]
    ]
    return [
        (importer, imported)
        for importer, imported in pairs
        if float(places[imported].attrib["y"])
        < float(places[importer].attrib["y"]) + float(places[importer].attrib["height"])
    ]
