"""A way to choose in; the files of a small package, full of import cycles, out."""

from collections.abc import Callable, Sequence

Choose = Callable[[Sequence], object]

MODULES = ("p", "p.a", "p.b", "p.c", "p.q", "p.q.d", "p.q.e", "p.q.r", "p.q.r.g")
PACKAGES = ("p", "p.q", "p.q.r")
CLASSES = ("X0", "X1", "X2")
FUNCTIONS = ("f0", "f1")
CAUGHT = (
    "ImportError",
    "ModuleNotFoundError",
    "AttributeError",
    "Exception",
    "(ImportError, AttributeError)",
    "",
    "KeyError",
)


def package(choose: Choose, *, open_questions: bool = False) -> dict[str, str]:
    """Every module's file, by path; `open_questions`: some of what runs cannot be known from the text."""
    files = {}
    for module in MODULES:
        path = module.replace(".", "/") + ("/__init__.py" if module in PACKAGES else ".py")
        files[path] = (
            "".join(_header(choose))
            + "\n".join(
                line for _ in range(choose(range(1, 7))) for line in _statement(choose, module, 0, open_questions)
            )
            + "\n"
        )
    return files


def _header(choose: Choose) -> list[str]:
    return ["from __future__ import annotations\n"] * choose((0, 0, 0, 1)) + [
        "import sys, importlib\nfrom typing import TYPE_CHECKING\nfrom contextlib import suppress\n"
    ]


def _statement(choose: Choose, module: str, depth: int, open_questions: int) -> list[str]:
    kinds = [_bind, _bind, _from, _from, _from, _import, _import_as, _star, _function, _call]
    if depth < 2:
        kinds += [_try, _if, _class, _small, _small, _with]
    if depth < 2 and open_questions:
        kinds += [_unknown, _optional]
    return choose(kinds)(choose, module, depth, open_questions)


def _block(choose, module, depth, open_questions, most=2):
    return [
        "    " + line
        for _ in range(choose(range(1, most + 1)))
        for line in _statement(choose, module, depth + 1, open_questions)
    ]


def _bind(choose, *_):
    name = choose(CLASSES)
    return [f"class {name}:", "    def __init__(self, *a): pass"]


def _name(choose, target):
    below = [module.rpartition(".")[2] for module in MODULES if module.rpartition(".")[0] == target]
    return choose([*CLASSES, *CLASSES, *FUNCTIONS, *below, *below])


def _spelled(choose, module, target):
    """The target as a from-import names it: absolute, or relative where that is possible."""
    package = module if module in PACKAGES else module.rpartition(".")[0]
    if choose((True, False)):
        dots = "."
        while package:
            if target == package:
                return dots
            if target.startswith(package + "."):
                return dots + target[len(package) + 1 :]
            package, dots = package.rpartition(".")[0], dots + "."
    return target


def _from(choose, module, *_):
    target = choose(MODULES)
    names = [_name(choose, target) for _ in range(choose((1, 1, 2)))]
    spelled = _spelled(choose, module, target)
    if choose((False, False, True)):
        return [f"from {spelled} import (", *(f"    {name}," for name in names), ")"]
    renamed = [name + (f" as {choose(CLASSES)}" if name in CLASSES and choose((0, 0, 1)) else "") for name in names]
    return [f"from {spelled} import {', '.join(renamed)}"]


def _import(choose, *_):
    target = choose(MODULES)
    lines = [f"import {target}"]
    return [*lines, *_uses(choose, target)] if choose((True, False)) else lines


def _import_as(choose, *_):
    target = choose(MODULES)
    return [f"import {target} as z", *_uses(choose, "z")]


def _uses(choose, owner):
    name = choose(CLASSES)
    return choose(
        [
            [f"{owner}.{name}"],
            [f"{owner}.{name}(", "    1)"],
            [f"class Y({owner}.{name}): pass"],
            [f"@{owner}.{name}", "def g(): pass"],
            [f"def g(x={owner}.{name}): pass"],
            [f"def g(x: {owner}.{name}): pass"],
            [f"v: {owner}.{name} = 1"],
            [f"t = ({owner}", f"    .{name})"],
            [f"{owner}.{choose(FUNCTIONS)}()"],
            [f"{owner}.{name} = str"],
            [f"k = {owner}.{name}"],
            [f"g = lambda: {owner}.{name}"],
            [],
        ]
    )


def _star(choose, module, *_):
    if _[0]:
        return ["pass"]
    return [f"from {_spelled(choose, module, choose(MODULES))} import *"]


def _function(choose, module, depth, open_questions):
    name = choose(FUNCTIONS)
    inner = [_from, _import, _import_as]
    return [
        f"def {name}(*a):",
        *("    " + line for line in choose(inner)(choose, module, depth, open_questions)),
        "    return 1",
    ]


def _call(choose, *_):
    name = choose(FUNCTIONS)
    return [f"from {choose(MODULES)} import {name}", f"{name}()"]


def _try(choose, module, depth, open_questions):
    lines = ["try:", *_block(choose, module, depth, open_questions)]
    for _ in range(choose((1, 1, 2))):
        caught = choose(CAUGHT[:-1] if choose((1, 1, 1, 0)) else CAUGHT)
        if not caught and any(line == "except:" for line in lines):
            break
        lines += [f"except {caught}".rstrip() + ":"]
        lines += choose([["    pass"], _block(choose, module, depth, open_questions), ["    raise"]])
        if not caught:
            break
    if choose((0, 0, 1)):
        lines += ["else:", *_block(choose, module, depth, open_questions)]
    if choose((0, 0, 1)):
        lines += ["finally:", *_block(choose, module, depth, open_questions)]
    return lines


def _if(choose, module, depth, open_questions):
    condition = choose(
        (
            "TYPE_CHECKING",
            "not TYPE_CHECKING",
            "sys.version_info >= (3, 8)",
            "sys.version_info < (3, 0)",
            "__name__ == '__main__'",
            "False",
        )
    )
    return [
        f"if {condition}:",
        *_block(choose, module, depth, open_questions),
        "else:",
        *_block(choose, module, depth, open_questions),
    ]


def _class(choose, module, _, open_questions):
    return ["class W:", *_block(choose, module, 2, open_questions)]


def _with(choose, module, depth, open_questions):
    return [
        f"with suppress({choose(('ImportError', 'AttributeError', 'Exception'))}):",
        *_block(choose, module, depth, open_questions),
    ]


def _small(choose, module, *_):
    target = choose(MODULES)
    return choose(
        [
            [f"__all__ = [{', '.join(repr(_name(choose, module)) for _ in range(choose((1, 2))))}]"],
            [f"importlib.import_module({target!r})"],
            [f"y = importlib.import_module({target!r})", *_uses(choose, "y")],
            [f"y = __import__({target!r})", *_uses(choose, "y")],
            [
                "def __getattr__(name):",
                f"    if name == {choose(CLASSES)!r}:",
                "        return 1",
                "    raise AttributeError(name)",
            ],
            [
                "def __getattr__(name):",
                f"    if name in ({choose(CLASSES)!r}, 'f0'):",
                f"        from {target} import X0",
                "        return X0",
                "    raise AttributeError(name)",
            ],
            [f"for i in (1, 2): {choose(CLASSES)} = str"],
            [
                "class V:",
                "    def __init__(self):",
                f"        import {target} as z",
                f"        z.{choose(CLASSES)}",
                "V()",
            ],
            [f"if (w := {choose(CLASSES)!r}): pass"],
            ["match 1:", f"    case {choose(CLASSES)}: pass"],
        ]
    )


def _unknown(choose, module, depth, open_questions):
    return [
        f"if {choose(('len(sys.argv) > 99', 'len(sys.argv) < 99'))}:",
        *_block(choose, module, depth, open_questions),
        "else:",
        *_block(choose, module, depth, open_questions),
    ]


def _optional(choose, module, depth, open_questions):
    return [
        "try:",
        f"    import {choose(('no_such_module', 'colorsys'))}",
        *_block(choose, module, depth, open_questions),
        "except ImportError:",
        *_block(choose, module, depth, open_questions),
    ]
