"""The tree of modules that CONTRIBUTING shows: each with the first sentence of its docstring."""

import ast
from collections.abc import Iterator
from pathlib import Path

_BEGIN = "<!-- modules: written by `make golden` -->\n"
_END = "<!-- end of modules -->\n"


def with_tree(page: str, package: Path) -> str:
    """Return a page with the tree of a package between its two markers."""
    before, begin, rest = page.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    assert begin
    assert end
    return before + begin + "\n" + "".join(f"{line}\n" for line in _lines(package, 0)) + "\n" + end + after


def _lines(folder: Path, depth: int) -> Iterator[str]:
    """The modules of a folder, then its folders and what is in them."""
    indent = "  " * depth
    yield f"{indent}- **`{folder.name}/`** {_sentence(folder / '__init__.py')}"
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield f"{indent}  - `{path.stem}` {_sentence(path)}"
    for path in sorted(folder.iterdir()):
        if (path / "__init__.py").is_file():
            yield from _lines(path, depth + 1)


def _sentence(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, path
    return docstring.partition("\n")[0]
