"""Which modules of the project import something at their top: what a linter that looks at one file at a time sees."""

import ast
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cycles.model import Analysis
from cycles.source.file_text import UnreadableError, relative_path
from cycles.source.import_statements import named_by
from cycles.source.module_names import inside


@dataclass(frozen=True, slots=True, order=True)
class TopImport:
    """An import that stands at the top level of a module, in no clause: file from the project, line, module named."""

    path: str
    line_number: int
    importer: str
    imported: str


def top_imports(analysis: Analysis, banned: Collection[str]) -> tuple[TopImport, ...]:
    """Return where modules of the project import what is banned, or what lies inside that, at their top; sorted."""
    found: list[TopImport] = []
    for name, module in analysis.sources.modules.items():
        file = analysis.sources.file(name)
        try:
            if not any(top.partition(".")[0] in file.text for top in banned):
                continue
            statements = [node for node in file.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        except UnreadableError:
            continue
        path = relative_path(module.path, Path(analysis.project))
        for node in statements:
            for item in named_by(node, name, is_package=module.is_package):
                whole = f"{item.module}.{item.name}" if item.name else item.module
                if any(inside(item.module, top) or inside(whole, top) for top in banned):
                    found.append(TopImport(path, node.lineno, name, item.module))
    return tuple(sorted(set(found)))
