"""Modules that a configuration of `logging` names in texts: in the module that makes it, or in a file next to it."""

import ast
import os
import re
from collections.abc import Callable, Iterator

from cycles.source.file_text import UnreadableError, read_text
from cycles.source.source_file import SourceFile
from cycles.source.tree_nodes import nodes_in

_CONFIGURES = ("dictConfig", "fileConfig")
_NAMES = re.compile(r"""["']?(?:class|\(\)|factory)["']?\s*[:=]\s*["']?([A-Za-z_][\w.]*\.\w+)""")
_SUFFIXES = (".yml", ".yaml", ".json", ".ini", ".cfg", ".conf", ".toml")


def named_by_logging(file: SourceFile, is_there: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yield what a module's configuration of `logging` may call: modules that are there, and the names in them.

    Which of several files is read is not known: all count that the module names and that lie in its folder.
    """
    try:
        text = file.text
        if not any(name in text for name in _CONFIGURES):
            return
        texts = [text, *_files_named(file)]
    except UnreadableError:
        return
    found: dict[tuple[str, str], None] = {}
    for one in texts:
        for dotted in _NAMES.findall(one):
            module = dotted.rpartition(".")[0]
            while module and not is_there(module):
                module = module.rpartition(".")[0]
            if module:
                found[module, dotted[len(module) + 1 :]] = None
    yield from found


def _files_named(file: SourceFile) -> Iterator[str]:
    """Yield the texts of the files in a module's folder that it names."""
    folder = os.path.dirname(file.module.path)
    for node in nodes_in(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(_SUFFIXES):
            path = os.path.join(folder, os.path.basename(node.value))
            if os.path.isfile(path):
                yield read_text(path)
