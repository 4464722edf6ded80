"""Classes while they are made: their bases, metaclasses and decorators may run code for that."""

import ast

from cycles.enums import DoubtReason
from cycles.fixes.import_time.calls import bound_in
from cycles.fixes.import_time.evidence import Def, Made, Mark, Site, Unit, last_part
from cycles.fixes.import_time.expressions import Expressions
from cycles.fixes.import_time.flow import Any, Class, Foreign, Function, Instance, Name, Value, Variable, Wrapped
from cycles.fixes.import_time.library_calls import plain
from cycles.fixes.known_libraries import CALLS, CLASS_HOOKS, READS, Role, effect_of


class Classes(Expressions):
    """Classes that are made."""

    def make_class(self, node: ast.ClassDef, unit: Unit) -> None:
        """Run the body of a class, and what its bases, metaclass and decorators do with it."""
        path, place = unit.inner(node.name), unit.place(node)
        made, held = Class(unit.module, path), self.flows.temporary()
        names = frozenset(bound_in(node.body))
        known = self.classes.setdefault(made, Made(names, self.flows.temporary()))
        known.annotated = tuple(
            one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        )
        self.flows.add(held, made)
        self.later(reversed(node.body), Unit(unit.module, path, unit, None, made, names, unit.offset))
        given = tuple((key.arg or "", self.value(key.value, unit)) for key in node.keywords if key.arg != "metaclass")
        self.flows.each(
            ("bases", made, ""),
            lambda value: (
                self._foreign_base(made, value.name, Role.BASE, place) if isinstance(value, Foreign) else None
            ),
        )
        for base in node.bases:
            self.flows.each(self.value(base, unit), lambda value: self._derive(made, value, given, place))
        for keyword in node.keywords:
            if keyword.arg == "metaclass":
                self.flows.lead(self.value(keyword.value, unit), known.metaclass)
        self.flows.each(known.metaclass, lambda value: self._made_by(made, value, given, place))
        for name in CLASS_HOOKS:
            self.method(made, name, made, Site(place))
        for name in sorted(names):
            self.flows.each(("attribute", made, name), lambda value: self._owned(made, value, place))
        self.flows.lead(self.decorated(node, held, unit), self.variable(node.name, unit))

    def _derive(self, made: Class, base: Value, given: tuple[tuple[str, Variable], ...], place: Mark) -> None:
        """A class is derived from something: hooks of that run."""
        match base:
            case Class():
                known = self.classes[made]
                if base in known.parents or base == made:
                    return
                known.parents.append(base)
                for asked in self.asked_derived.intersection(self.ancestors(made)) - {made}:
                    self.flows.add(("subclasses", asked), made)
                # What a base above is known to do, it does to all that inherits from it.
                self.flows.lead(("bases", base, ""), ("bases", made, ""))
                if (whole := f"{base.module}.{base.path}") in self.configured.bases:
                    self.flows.add(("bases", made, ""), Foreign(whole))
                for name, result in known.asked:
                    self.lookup(base, name, result)
                if base in self.classes:
                    self.flows.lead(self.classes[base].metaclass, known.metaclass)
                self.method(made, "__init_subclass__", made, Site(place, named=given), above=base)
            case Name() if self.is_news("derive", made, base, given, place):
                self.flows.each(self.force(base), lambda value: self._derive(made, value, given, place))
            case Foreign():
                self.flows.add(("bases", made, ""), base)
            case Instance(of=of):
                self.method(of, "__mro_entries__", base, Site(place))

    def _foreign_base(self, made: Class, name: str, role: Role, place: Mark) -> None:
        """A class is derived from something of a library, or made by it."""
        effect = READS if plain(name) in self.configured.bases else effect_of(role, name)
        if effect is None:
            doubt = place._replace(by=plain(name), reason=DoubtReason.DERIVED)
            self.note(self.read_marks, (made.module, made.path), doubt)
            for inner in self.classes[made].names:
                self.flows.each(
                    ("attribute", made, inner),
                    lambda value: (
                        self.doubt(value, Site(doubt))
                        if isinstance(value, Wrapped) and value.kind != "property"
                        else None
                    ),
                )
            return
        if effect & READS:
            self.note(self.read_marks, (made.module, made.path), place)
        if effect & CALLS:
            self.instantiate(made, Site(place))
            self.method(made, "_generate_next_value_", made, Site(place))

    def _made_by(self, made: Class, metaclass: Value, given: tuple[tuple[str, Variable], ...], place: Mark) -> None:
        match metaclass:
            case Class():
                names = self.flows.temporary()
                self.flows.add(names, Any(made))
                for name in ("__new__", "__init__", "__prepare__"):
                    # The first argument is the metaclass for some of them: the class stands for both.
                    self.method(metaclass, name, made, Site(place, given=(None, None, names), named=given))
            case Name() if self.is_news("made by", made, metaclass, place):
                self.flows.each(self.force(metaclass), lambda value: self._made_by(made, value, given, place))
            case Foreign(name=name):
                self._foreign_base(made, name, Role.META, place)

    def _owned(self, made: Class, value: Value, place: Mark) -> None:
        """Something is an attribute of a new class: it may have a hook for that."""
        if isinstance(value, Instance):
            owner = self.flows.temporary()
            self.flows.add(owner, made)
            for name in ("__set_name__", "contribute_to_class"):
                self.method(value.of, name, value, Site(place, given=(owner,)))

    def decorated(self, node: Def | ast.ClassDef, held: Variable, unit: Unit) -> Variable:
        """The variable that has what decorators make of something."""
        for decorator in reversed(node.decorator_list):
            called, result = self.value(decorator, unit), self.flows.temporary()
            site = Site(unit.place(decorator), result, (held,), role=Role.DECORATOR)
            self._read_by_configured(decorator, site, unit)
            if isinstance(decorator, ast.Attribute):
                self.called_on(decorator, site, unit)
            else:
                self.registered(decorator, site.given, unit)
            self.call(called, site)
            self.unanswered.append((called, last_part(decorator), site))
            held = result
        return held

    def _read_by_configured(self, decorator: ast.expr, site: Site, unit: Unit) -> None:
        """The configuration may name decorators of the project's own that evaluate annotations."""
        if not self.configured.decorators:
            return

        def read(value: Value) -> None:
            if isinstance(value, Function | Class) and f"{value.module}.{value.path}" in self.configured.decorators:
                for given in site.given:
                    self.flows.each(given, lambda held: self.read(held, site.place, methods=True))

        self.flows.each(self.value(decorator.func if isinstance(decorator, ast.Call) else decorator, unit), read)
