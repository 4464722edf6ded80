"""Say in words what to do for a cut, and what shows that it can be done."""

from collections.abc import Iterator, Sequence

from cycles.enums import EASY, DoubtReason, Feasibility
from cycles.model import Cut, CutFix, Doubt, NameFix
from cycles.report.wording import clean, joined, place
from cycles.source.import_values import Import

_SHOWN_NAMES = 4
_SHOWN_FUNCTIONS = 3
_ASKED_FOR = {
    Feasibility.TYPING: "the import is under TYPE_CHECKING already, and this graph counts it there too",
    Feasibility.DEFERRED: "the import is inside a function already, and this graph counts it there too",
    Feasibility.COUPLED: "in this graph deferring the import would not help",
}
_USED = {
    Feasibility.TYPE_ONLY: "as only annotations use it",
    Feasibility.DEFERRABLE: "the only place that uses it",
}
_LEAD = {
    Feasibility.CONDITIONAL: "change code",
    Feasibility.REGISTRATION: "remove it if nothing needs what importing it does",
    Feasibility.STRUCTURAL: "move code",
    Feasibility.UNKNOWN: "defer or remove it by hand, as what uses it cannot be told",
}


def what_to_do(cut: Cut) -> str:
    """Return what to do for a cut, in short."""
    return how_to_make(cut.fix, cut.imported, cut.imports)


def reason_of_graph(cut: Cut) -> str | None:
    """Return why only moving code cuts it, where the graph that was asked for is the reason; it names no import."""
    return _ASKED_FOR.get(cut.fix.feasibility) if cut.fix else None


TAKES_LONG = "as simulating that many modules takes some seconds: --replay does it"
NO_DEFER = "it would import inside functions (--no-defer)"


def how_to_make(fix: CutFix | None, imported: str, imports: Sequence[Import], *, everything: bool = False) -> str:
    """Return what to do to cut what `imports` take of `imported`; many functions are counted."""
    if fix is None:
        return f"remove or defer what it takes of {clean(imported)}"
    if fix.feasibility in EASY and fix.names:
        edits = f"{f'{NO_DEFER}: ' * fix.ruled_out}{'; '.join(_edits(fix.names, imported, everything))}"
        return f"{edits}{unless(fix.doubt)}" if fix.doubt else edits
    if fix.feasibility in _ASKED_FOR:
        return f"move code: {_ASKED_FOR[fix.feasibility]}"
    shown = f"{clean(fix.detail)}{_where(fix, imports)}"
    if fix.feasibility is Feasibility.REEXPORT:
        return f"{shown}: let its users import from {clean(imported)}, then {_last(fix.names)}"
    return f"{_LEAD.get(fix.feasibility, fix.feasibility)}: {shown}"


def _last(names: Sequence[NameFix]) -> str:
    """Say what becomes of an import that others took names from: what the module itself still needs of it moves."""
    needed = [name for name in names if name.functions or name.typed or name.quoted]
    if not needed:
        return "delete this line"
    more = len(needed) > 1 or len(needed[0].functions) > _SHOWN_FUNCTIONS
    places = _inside(needed[0])
    if more or not places:
        return "move this line to where it is used here"
    return f"move this line into {places}"


def evidence(fix: CutFix, cut: Cut) -> str:
    """Say what to do for a cut, function by function, and which place shows that it can be done so."""
    sentence = how_to_make(fix, cut.imported, cut.imports, everything=True)
    if fix.feasibility in _USED and len(fix.names) == 1:
        where = _where(fix, cut.imports)
        if len(fix.names[0].functions) > 1 and fix.feasibility is Feasibility.DEFERRABLE:
            sentence += f", the only places that use it{where.replace('(', '(the first: ', 1)}"
        else:
            sentence += f", {_USED[fix.feasibility]}{where}"
    if fix.leads_to:
        leads = "leads" if len(fix.leads_to) == 1 else "lead"
        sentence += f"; only with other cuts, as {joined([*map(clean, fix.leads_to)])} {leads} back"
    return sentence


def unless(doubt: Doubt) -> str:
    """Say what could break a fix that is not promised, and where that shows; it goes on behind what to do."""
    subject = "something" if doubt.subject == "*" else clean(doubt.subject)
    if doubt.reason is DoubtReason.LIMIT:
        return f", unless the import of a module runs {subject}: not checked, for want of time"
    return f", unless {clean(doubt.by)} uses {subject} on import ({place(doubt)})"


def _where(fix: CutFix, imports: Sequence[Import]) -> str:
    """Return the place that shows how a cut can be made, in short where that is next to the import."""
    if fix.path != imports[0].path:
        return f" ({place(fix)})"
    here = {statement.line_number for statement in imports}
    return "" if fix.line_number in here else f" (line {fix.line_number})"


def _edits(names: Sequence[NameFix], imported: str, everything: bool) -> Iterator[str]:  # noqa: FBT001
    """Yield what to do, the names together that are treated alike."""
    alike: dict[str, list[NameFix]] = {}
    for name in names:
        alike.setdefault(_edit(name, imported, everything=True), []).append(name)
    for found in alike.values():
        sentence = _edit(found[0], imported, everything=everything)
        is_code = "{}`" in sentence
        unique = list(dict.fromkeys(_shown(name, is_code=is_code) for name in found))
        hidden = len(unique) - _SHOWN_NAMES + 1 if len(unique) > _SHOWN_NAMES else 0
        shown = unique[: _SHOWN_NAMES - bool(hidden)]
        if is_code:
            told = ", ".join([*shown, *([f"… {hidden} more"] if hidden else [])])
        else:
            told = joined([*shown, *([f"{hidden} more names"] if hidden else [])])
        yield sentence.replace("{}", told).replace("{it}", "them" if len(unique) > 1 else "it")


def _shown(name: NameFix, *, is_code: bool) -> str:
    """Return the name as an import statement has it; where no code is shown, only as its module knows it."""
    if name.attributes:
        return clean(f"{name.bound}.{name.attributes}")
    last = name.name.rpartition(".")[2]
    if name.leaf is not None:
        taken, local = name.leaf_name or name.leaf.rpartition(".")[2], name.local or name.bound
        return clean(taken if taken == local else f"{taken} as {local}")
    # `import a.b` binds only `a`.
    renamed = name.bound not in (name.name, name.name.partition(".")[0])
    if not is_code:
        return clean(f"{name.name} as {name.bound}" if renamed else name.name)
    return clean(f"{last} as {name.bound}" if renamed else last)


def _statement(name: NameFix, imported: str) -> str:
    """Return the statement that imports a name, which stands where the braces are; what is no statement begins so."""
    if name.leaf is None:
        package, _, last = imported.rpartition(".")
        # Only of a module it has to be said which package it is taken from.
        return f"write `from {clean(package)} import {{}}`" if package and name.name == last else "import {}"
    if name.attributes:
        taken = f" (there {clean(name.leaf_name)})" if name.leaf_name not in (None, name.local) else ""
        return f"take {{}} from {clean(name.leaf)}{taken}"
    package = name.leaf if name.leaf_name else name.leaf.rpartition(".")[0]
    return f"write `from {clean(package)} import {{}}`" if package else "write `import {}`"


def _inside(name: NameFix, *, everything: bool = True) -> str:
    """Name the functions to import a name in; a lambda holds no statement, a function in its place does."""
    if len(name.functions) > _SHOWN_FUNCTIONS and not everything:
        return f"the {len(name.functions)} functions that use {{it}}"
    found = [clean(str(one)) for one in name.functions if one.lambda_at is None]
    lambdas = [str(one.line_number) for one in name.functions if one.lambda_at is not None]
    if len(lambdas) == 1:
        found.append(f"a function in place of the lambda on line {lambdas[0]}")
    elif lambdas:
        found.append(f"functions in place of lambdas (lines {joined(list(dict.fromkeys(lambdas)))})")
    return joined(found)


def _edit(name: NameFix, imported: str, *, everything: bool) -> str:
    """Return what to do with a name, which stands where the braces are."""
    inside = _inside(name, everything=everything)
    statement = _statement(name, imported)
    if name.leaf is not None:
        return statement
    match Feasibility.UNUSED if name.only_goes else name.feasibility:
        case Feasibility.UNUSED:
            inner = "remove `import {}`: importing a module inside of it binds it too"
            return inner if name.only_goes else "remove {}: nothing uses it"
        case Feasibility.TYPE_ONLY:
            return "move the import of {} under TYPE_CHECKING"
        case Feasibility.LAZY:
            also = f", and import it inside {inside}" if inside else ""
            return f"import {{}} in __getattr__, when it is asked for{also}" if name.typed else "import {} by `lazy`"
        case Feasibility.ANNOTATION:
            lines = joined([str(line) for line in name.quoted])
            then = f"import it inside {inside}" if name.functions else "move its import under TYPE_CHECKING"
            return f"quote {{}} in the annotations of line {lines}, then {then}"
        case _:
            typed = ", and under TYPE_CHECKING for annotations" if name.typed else ""
            return f"{statement} inside {inside}{typed}"
