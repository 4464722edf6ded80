"""What tests of pictures share: components with names and lines of any kind, and what an SVG document says of itself."""

from xml.etree import ElementTree as ET

from cycles.cuts import plan_cuts
from cycles.enums import GraphName, Kind
from cycles.model import Analysis, Component, Dependency
from cycles.render.scene import Scene, scene_of
from cycles.source.import_values import Import, ModuleFile

SVG = "{http://www.w3.org/2000/svg}"


def scenes(analysis: Analysis, url_template: str | None = None) -> list[Scene]:
    return [scene_of(analysis, plan, url_template=url_template) for plan in plan_cuts(analysis.components)]


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
        named=(modules[0],),
        packages=(modules[0],),
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
        graph_name=GraphName.ALL,
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


def covered(svg: str) -> list[tuple[str, str]]:
    """The lines of which more than a fifth lies under the label of the line that leads back."""
    root = ET.fromstring(svg)
    curves = {
        (group.attrib["data-importer"], group.attrib["data-imported"]): _points(group)
        for group in root.iter(f"{SVG}g")
        if group.get("data-importer")
    }
    pills = [
        tuple(float(pill.attrib[name]) for name in ("x", "y", "width", "height"))
        for pill in root.iter(f"{SVG}rect")
        if pill.get("class") == "pill"
    ]

    def nearest(pill: tuple[float, ...]) -> tuple[str, str]:
        x, y, width, height = pill
        centre = complex(x + width / 2, y + height / 2)
        return min(curves, key=lambda ends: min(abs(point - centre) for point in curves[ends]))

    found = []
    for x, y, width, height in pills:
        importer, imported = nearest((x, y, width, height))
        points = curves.get((imported, importer), [])
        hidden = [point for point in points if x < point.real < x + width and y < point.imag < y + height]
        if 5 * len(hidden) > len(points):
            found.append((imported, importer))
    return found


def _points(group: ET.Element) -> list[complex]:
    """Points on the curve of a line, by de Casteljau's formula."""
    path = next(group.iter(f"{SVG}path"))
    numbers = path.attrib["d"].replace("M", "").replace("C", " ").split()
    corners = [complex(float(x), float(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    found = []
    for first in range(0, len(corners) - 1, 3):
        a, b, c, d = corners[first : first + 4]
        for step in range(41):
            t = step / 40
            found.append((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)
    return found
