"""A module with PEP 810 lazy imports in; which of their names it uses while its body runs, out."""

import re
from collections.abc import Iterator

from cycles.source.blocks import Blocks
from cycles.source.clauses import header_end
from cycles.source.kinds import Judge
from cycles.source.tokens import in_lambda
from cycles.words import Kind

_ANNOTATED = re.compile(r"\s*[\w.\[\]]+\s*:(?!=)(?P<annotation>[^=]*)")


def used_on_import(blocks: Blocks, name: str, judge: Judge) -> bool:
    """Whether `name` is used in module-level code: annotations (PEP 649) and bodies of functions do not count."""
    return any(_runs_on_import(blocks, offset, judge) for offset in _uses(blocks.masked(), name))


def _uses(masked: str, name: str) -> Iterator[int]:
    """Where a name stands that is no attribute, keyword argument, import or binding."""
    for found in re.finditer(rf"(?<![\w.]){re.escape(name)}(?!\w|\s*=(?!=))", masked):
        row = masked[masked.rfind("\n", 0, found.start()) + 1 : found.start()]
        if not re.match(r"\s*(?:(?:lazy\s+)?(?:import|from)|def|class|async\s+def|global|del)\s+[\w\s,.]*$", row):
            yield found.start()


def _runs_on_import(blocks: Blocks, offset: int, judge: Judge) -> bool:
    kind, _ = judge.kind_and_tags(blocks.around(offset), lazy=False)
    if kind is not Kind.EAGER:
        return False
    start = blocks.row_start(offset)
    end = blocks.masked().find("\n", start)
    row = blocks.masked()[start : end if end >= 0 else None]
    at = offset - start
    if re.match(r"\s*(?:async\s+)?def\s", row):
        return _is_default(row, at)
    if in_lambda(row[:at]):
        return False
    annotated = _ANNOTATED.match(row) if header_end(row) is None else None
    return not (annotated and annotated.start("annotation") <= at < annotated.end("annotation"))


def _is_default(header: str, at: int) -> bool:
    """Whether a place in the header of a function belongs to a default value, not to an annotation or a name."""
    depth, part = 0, ""
    for found in re.finditer(r"[(\[{]|[)\]}]|[,:=]", header[:at]):
        match found[0]:
            case "(" | "[" | "{":
                depth += 1
            case ")" | "]" | "}":
                depth -= 1
                # Behind the parameters, or behind type parameters (PEP 695), none is open.
                part = part if depth else ""
            case "," if depth == 1:
                part = ""
            case ":" if depth == 1 and part != "default":
                part = "annotation"
            case "=" if depth == 1:
                part = "default"
    return part == "default"
