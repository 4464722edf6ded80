"""Find the import cycles of a Python package, and the fewest imports to cut.

>>> import cycles
>>> analysis = cycles.analyze("sample_projects/shop/shop")
>>> [len(component.modules) for component in analysis.components]
[9]
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded by name below, so that `cycles --help` is instant
    from cycles.api import analyze, definition_graph, plan_cuts, predict_first_imports, why
    from cycles.check.compare import compare
    from cycles.check.findings import Change
    from cycles.enums import Kind
    from cycles.errors import CyclesError, PackageNotFoundError
    from cycles.fixes.definition_values import DefinitionGraph
    from cycles.model import (
        Analysis,
        Component,
        Cut,
        CutFix,
        CutPlan,
        Dependency,
        FirstImport,
        FirstImportReport,
        Graph,
    )
    from cycles.source.import_values import Import
    from cycles.startup.api import examine_startup, plan_startup
    from cycles.startup.startup_values import StartupPlan, StartupReport

__version__ = "0.2.0"
__all__ = [
    "Analysis",
    "Change",
    "Component",
    "Cut",
    "CutFix",
    "CutPlan",
    "CyclesError",
    "DefinitionGraph",
    "Dependency",
    "FirstImport",
    "FirstImportReport",
    "Graph",
    "Import",
    "Kind",
    "PackageNotFoundError",
    "StartupPlan",
    "StartupReport",
    "analyze",
    "compare",
    "definition_graph",
    "examine_startup",
    "plan_cuts",
    "plan_startup",
    "predict_first_imports",
    "why",
]

_MODULES = {
    **dict.fromkeys(("analyze", "definition_graph", "plan_cuts", "predict_first_imports", "why"), "cycles.api"),
    **dict.fromkeys(("CyclesError", "PackageNotFoundError"), "cycles.errors"),
    "Change": "cycles.check.findings",
    "DefinitionGraph": "cycles.fixes.definition_values",
    "Import": "cycles.source.import_values",
    "Kind": "cycles.enums",
    **dict.fromkeys(("StartupPlan", "StartupReport"), "cycles.startup.startup_values"),
    **dict.fromkeys(("examine_startup", "plan_startup"), "cycles.startup.api"),
    "compare": "cycles.check.compare",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'cycles' has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES.get(name, "cycles.model")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
