"""What a reader sees of an SVG picture, read from its text alone: sizes of letters, lines behind boxes, labels on labels."""

import re
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
COLUMN = 830
Area = tuple[float, float, float, float]


@dataclass(frozen=True)
class Measures:
    """Names are in pixels in a column of 830; lines are named by their ends, labels by what they say."""

    names: float
    behind: list[tuple[str, str, str]]
    overlapping: list[tuple[str, str]]
    outside: list[str]


def measures(svg: str) -> Measures:
    root = ET.fromstring(svg)
    nodes = {group.attrib["id"]: group for group in root.iter(f"{SVG}g") if group.get("class") == "node"}
    boxes = {name: area(rect) for name, group in nodes.items() if (rect := group.find(f"{SVG}rect")) is not None}
    texts = [text for group in nodes.values() for text in group.iter(f"{SVG}text")]
    width, height = (float(size) for size in root.attrib["viewBox"].split()[2:])
    scale = min(1, COLUMN / width)
    drawn = labels(root)
    return Measures(
        names=min((float(text.attrib["font-size"]) * scale for text in texts), default=0),
        behind=[(*ends, name) for ends, points in lines(root).items() for name in behind(ends, points, boxes)],
        overlapping=[
            (one, other)
            for place, (one, first) in enumerate(drawn)
            for other, second in [*drawn[:place], *boxes.items()]
            if overlap(first, second)
        ],
        outside=[name for name, (x, y, wide, high) in boxes.items() if wide > width or high > height],
    )


def first_cut(svg: str) -> tuple[float, float]:
    """Where the list of what to cut begins, by the first place in a file: left and top, in pixels in a column of 830."""
    root = ET.fromstring(svg)
    width = float(root.attrib["viewBox"].split()[2])
    around = next((group for group in root if group.get("transform", "").startswith("scale(")), root)
    own = float(around.get("transform", "scale(1)")[6:-1])
    texts = [text for text in around.iter(f"{SVG}text") if re.search(r":\d+( and \d+ more)?$", text.text or "")]
    scale = own * min(1, COLUMN / width)
    return float(texts[0].attrib["x"]) * scale, float(texts[0].attrib["y"]) * scale


def area(rect: ET.Element) -> Area:
    x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, width, height


def lines(root: ET.Element) -> dict[tuple[str, str], list[complex]]:
    """Points on every line between boxes."""
    return {
        (group.attrib["data-importer"], group.attrib["data-imported"]): points_of(group)
        for group in root.iter(f"{SVG}g")
        if group.get("data-importer")
    }


def labels(root: ET.Element) -> list[tuple[str, Area]]:
    """The labels of lines, each of discs and perhaps a text, as one area around them."""
    found = []
    for group in root.iter(f"{SVG}g"):
        rects = [
            rect for rect in group.findall(f"{SVG}rect") if rect.get("class", "").split()[:1] in (["pill"], ["disc"])
        ]
        if rects and group.find(f"{SVG}title") is not None:
            areas = [area(rect) for rect in rects]
            left, top = min(x for x, *_ in areas), min(y for _, y, *_ in areas)
            right, bottom = max(x + width for x, _, width, _ in areas), max(y + height for _, y, _, height in areas)
            words = " ".join(text.text or "" for text in group.iter(f"{SVG}text"))
            found.append((words, (left, top, right - left, bottom - top)))
    return found


def points_of(group: ET.Element) -> list[complex]:
    """Points on the curve of a line, by de Casteljau's construction."""
    numbers = next(group.iter(f"{SVG}path")).attrib["d"].replace("M", "").replace("C", " ").split()
    corners = [complex(float(x), float(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    found = []
    for first in range(0, len(corners) - 1, 3):
        for step in range(61):
            points = corners[first : first + 4]
            while len(points) > 1:
                points = [one + (other - one) * step / 60 for one, other in pairwise(points)]
            found += points
    return found


def behind(ends: tuple[str, str], points: list[complex], boxes: dict[str, Area]) -> list[str]:
    """The boxes that hide a part of a line that has nothing to do with them; their borders hide nothing."""
    return [
        name
        for name, (x, y, width, height) in boxes.items()
        if name not in ends
        and any(x + 2 < point.real < x + width - 2 and y + 2 < point.imag < y + height - 2 for point in points)
    ]


def overlap(one: Area, other: Area) -> bool:
    """Whether two areas share more than half a point in both directions."""
    (x, y, width, height), (x2, y2, width2, height2) = one, other
    return min(x + width, x2 + width2) - max(x, x2) > 0.5 and min(y + height, y2 + height2) - max(y, y2) > 0.5
