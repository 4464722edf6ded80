"""Write the settings of Ruff that keep imports of something out of the top of modules: rule TID253."""

import json
import re
from collections.abc import Collection, Iterator, Sequence

from cycles.errors import CyclesError
from cycles.report.format import wrapped
from cycles.startup.ruff_bans import TopImport

_WIDTH = 98
_RULE = "TID253"
_SPECIAL = re.compile(r"[\[*?{}]")


def ruff_settings(banned: Sequence[str], found: Sequence[TopImport], loaded: Collection[str], entry: str) -> str:
    """Return the settings for a pyproject.toml.

    Args:
        banned: the modules that nothing is to import at its top.
        found: where modules of the project do.
        loaded: the modules that importing the entry loads: these must not.
        entry: what is started, for the error.

    Raises:
        CyclesError: where one does.

    """
    first = next((one for one in found if one.importer in loaded), None)
    if first is not None:
        raise CyclesError(
            f"importing {entry} still loads {first.imported}, by {first.path}:{first.line_number}; "
            "defer that first (--fix), then lock it"
        )
    return "".join(f"{line}\n" for line in _lines(banned, sorted({one.path for one in found})))


def _lines(banned: Sequence[str], off_path: Sequence[str]) -> Iterator[str]:
    names = ", ".join(banned)
    sentences = [f"No module imports {names} at its top: a function does, or `if TYPE_CHECKING`."]
    sentences += ["Ruff looks at one file at a time, and not into try, if and class bodies."]
    if off_path:
        sentences += ["The files below may, for importing the application does not load them today."]
    for sentence in sentences:
        yield from (f"# {line}" for line in wrapped(sentence, _WIDTH))
    yield "[tool.ruff.lint]"
    yield f'extend-select = ["{_RULE}"]'
    yield ""
    yield "[tool.ruff.lint.flake8-tidy-imports]"
    yield f"banned-module-level-imports = {json.dumps(list(banned), ensure_ascii=False)}"
    if off_path:
        yield ""
        yield "[tool.ruff.lint.extend-per-file-ignores]"
        for path in off_path:
            # A path is a pattern there.
            pattern = _SPECIAL.sub(r"[\g<0>]", path)
            yield f'{json.dumps(pattern, ensure_ascii=False)} = ["{_RULE}"]'
