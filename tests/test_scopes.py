"""Whose the names of a module are, as its uses say, next to the tables of names that CPython's compiler makes."""

import ast
import random
import symtable
import sys
from collections.abc import Iterator

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from cycles.source.import_values import ModuleFile
from cycles.source.name_usage import Uses, uses_in
from cycles.source.source_file import SourceFile

NAMES = "ABCD"
SIMPLE = [
    *("{} = {}", "{}, x = {}", "{} += {}", "del {}", "{}: {} = 1", "{}: {}", "x.{} = {}", "x[{}] = {}", "assert {}, {}"),
    *("import {}", "import x.y, {}", "from x import {}", "from x import y as {}", "import {}.z", "raise {} from {}"),
    *("x = [{} for {} in {}]", "x = {{{}: 1 for {} in {} if {}}}", "x = ({} for {} in {} for {} in {})", "x = [[{} for {} in {}] for {} in {}]"),
    *("x = lambda {}={}, *{y}: {}", "x = lambda: [{} for {} in {}]", "({} := {})", "x = [{} := y for y in {}]", "x = f'{{{}!r:>{{{}}}}}'"),
    *("x = {}.{}({}.y, z={})", "x = {} if {} else {}", "print(*{}, **{})", "x = {}[{}:{}]", "x = not {} < {} < {}"),
]  # fmt: skip
BLOCKS = [
    *("def {}({y}={}, *, z: {} = {}) -> {}:", "async def {}({y}: {}, /, *z: {}):", "@{}\ndef {}({y}):", "class {}({}, metaclass={}):"),
    *("@{}({})\nclass {}:", "for {} in {}:", "with {} as {}, {} as ({}, x):", "while {}:", "if {}:"),
    *("try:\n    pass\nexcept {} as {}:", "try:\n    pass\nexcept* {}:", "match {}:\n  case {}():", "match {}:\n  case [{}, *{y}]:"),
    *("match {}:\n  case {{'a': {}, **{y}}}:", "match {}:\n  case x.{} | x.y as {}:", "match {}:\n  case {} if {}:"),
]  # fmt: skip
if sys.version_info >= (3, 12):
    SIMPLE += ["type {} = {}", "type {}[{y}: {}] = {y}"]
    BLOCKS += ["def {}[{y}: {}](z: {y}):", "class {}[{y}]({}):"]


def filled(choose: random.Random, template: str) -> str:
    return template.format(*(choose.choice(NAMES) for _ in range(template.count("{}"))), y=choose.choice(NAMES))


def block(choose: random.Random, depth: int, *, in_function: bool) -> Iterator[str]:
    """The lines of some statements that use and bind a few names in many ways."""
    if in_function and choose.random() < 0.3:
        yield f"{choose.choice(['global', 'nonlocal'])} {choose.choice(NAMES)}"
    for _ in range(choose.randrange(1, 4)):
        if depth and choose.random() < 0.5:
            *before, header = filled(choose, choose.choice(BLOCKS)).split("\n")
            inner = block(choose, depth - 1, in_function=in_function or "def " in header)
            margin = header[: len(header) - len(header.lstrip())] + "    "
            yield from (*before, header, *(margin + line for line in inner))
        else:
            yield filled(choose, choose.choice(SIMPLE))


class Generators(ast.NodeTransformer):
    """Comprehensions become generators, whose names are the same: since 3.12 the compiler's tables have the variables
    of the others as names of the scope around (PEP 709)."""

    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.ListComp(elt=made) | ast.SetComp(elt=made):
                return ast.GeneratorExp(made, node.generators)
            case ast.DictComp(key=key, value=value):
                return ast.GeneratorExp(ast.Tuple([key, value], ast.Load()), node.generators)
        return node


def compiled(text: str) -> symtable.SymbolTable | None:
    """What the compiler says of a text; None where it refuses that: a `nonlocal` of nothing and the like."""
    try:
        return symtable.symtable(ast.unparse(Generators().visit(ast.parse(text))), "m.py", "exec")
    except SyntaxError:
        return None


def tables(top: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield top
    for inner in top.get_children():
        yield from tables(inner)


def names_of(top: symtable.SymbolTable) -> tuple[set[str], set[str], set[str]]:
    """The names of the module that are read and bound anywhere, and those that may be either.

    A class body may read its own name from the module before it binds it; `nonlocal` is taken to make no difference
    there, which is the safe side. `global` alone says that a function may bind a name.
    """
    read, bound, perhaps = set(), set(), set()
    for table in tables(top):
        for symbol in table.get_symbols():
            of_module = table is top or symbol.is_global()
            if of_module and symbol.is_referenced():
                read.add(symbol.get_name())
            if of_module and (symbol.is_assigned() or symbol.is_imported()):
                bound.add(symbol.get_name())
            if symbol.is_declared_global() or (
                table.get_type() == "class" and (symbol.is_local() or symbol.is_nonlocal())
            ):
                perhaps.add(symbol.get_name())
    return read, bound, perhaps


def uses_of(text: str) -> Uses:
    return uses_in(SourceFile(ModuleFile("m", "m.py", is_package=False, folder="."), text=text))


@settings(
    max_examples=400, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)  # fmt: skip
@given(seed=st.integers(0, 2**32))
@example(0)
def test_names_are_those_of_the_compiler(seed):
    choose = random.Random(seed)
    looked_at = 0
    while looked_at < 5:
        text = "\n".join(block(choose, 4, in_function=False)) + "\n"
        top = compiled(text)
        if top is None:
            continue
        looked_at += 1
        read, bound, perhaps = ({name for name in found if name in NAMES} for found in names_of(top))

        uses = uses_of(text)

        loads = {name for name, found in uses.loads.items() if name in NAMES and found}
        bindings = {name for name, found in uses.bindings.items() if name in NAMES and found}
        assert read <= loads <= read | perhaps, text
        assert bound <= bindings <= bound | perhaps, text
