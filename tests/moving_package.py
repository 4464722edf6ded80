"""A package that changes at random: what its modules import, how they are called, split and joined. It knows what
became of each module, which is what a tool has to find out."""

from dataclasses import dataclass, field
from random import Random

_LEAVES = ("alpha", "beta", "gamma", "delta", "omega", "kappa", "sigma", "theta", "zeta", "iota", "mü")
_KINDS = ("eager", "eager", "eager", "eager", "deferred", "deferred", "typing", "optional", "main", "class")
_STYLES = ("import", "from", "from", "relative", "name", "star", "call", "as")
_BLOCK = 24


@dataclass
class Imports:
    """One import statement: of which module, how it is written, where it stands."""

    target: str
    style: str
    kind: str
    number: int


@dataclass
class Module:
    """A module: its own lines in blocks that no other module has, and its imports."""

    blocks: list[int]
    imports: list[Imports] = field(default_factory=list)
    is_package: bool = False
    style: int = 0


class MovingPackage:
    """The packages `p` and maybe `q`, as files; `origins` says which modules of the last step each continues."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.modules: dict[str, Module] = {"p": Module([], is_package=True)}
        self.namespaces: set[str] = set()
        self.origins: dict[str, set[str]] = {}
        self.blocks = 0
        self.statements = 0
        for _ in range(random.randint(3, 12)):
            self._add_module()
        if random.random() < 0.3:
            self.modules["q"] = Module([self._block()], is_package=True)
            self.modules["q.own"] = Module([self._block()])
        for _ in range(random.randint(2, 2 * len(self.modules))):
            self._add_import()
        self._start()

    def files(self) -> dict[str, str]:
        """The files of all modules."""
        return {self.path(name): self._text(name) for name in self.modules}

    def path(self, name: str) -> str:
        """Where the file of a module lies."""
        return name.replace(".", "/") + ("/__init__.py" if self.modules[name].is_package else ".py")

    def same_as(self, name: str) -> str:
        """The module of the last step that this one is, by its name or a name that it had; "" where it is new."""
        old = self.renamed.get(name, name)
        return old if old in self.before else ""

    def step(self) -> list[str]:
        """Change something; returns what was done."""
        self._start()
        self.done: list[str] = []
        self.touched: set[str] = set()
        changes = (
            *[self._add_import] * 6,
            *[self._remove_import] * 4,
            *[self._change_kind] * 3,
            *[self._reformat] * 2,
            *[self._rename] * 3,
            *[self._split] * 3,
            *[self._join] * 2,
            *[self._delete] * 2,
            *[self._add_module] * 2,
            self._rename_package,
            self._turn_into_package,
            self._turn_into_package,
            self._add_init,
            self._remove_init,
        )
        for _ in range(self.random.choice((1, 1, 2, 3))):
            change = self.random.choice(changes)
            done = change()
            if done:
                self.done.append(done)
        return self.done

    def rename_or_reformat(self) -> list[str]:
        """Change nothing but how modules are called in their packages, and how texts look; returns what was done.

        A module that moves to another package runs other packages on the way, and a name that somebody imports in vain
        would mean something.
        """
        self._start()
        self.touched = set()
        changes = (self._rename, self._rename, self._reformat, self._rename_package)
        return [self.random.choice(changes)(in_place=True) for _ in range(self.random.randint(1, 3))]

    def _start(self) -> None:
        self.origins = {name: {name} for name in self.modules}
        self.before = set(self.modules)
        self.renamed: dict[str, str] = {}

    def _block(self) -> int:
        self.blocks += 1
        return self.blocks

    def _free_name(self) -> str | None:
        packages = [name for name, module in self.modules.items() if module.is_package and name.startswith("p")]
        packages += sorted(self.namespaces)
        inner = [f"{self.random.choice(packages)}.{leaf}" for leaf in _LEAVES]
        free = [name for name in inner if name not in self.modules and name not in self.namespaces]
        return self.random.choice(free) if free else None

    def _add_module(self) -> str:
        name = self._free_name()
        if name is None:
            return ""
        kind = self.random.random()
        if kind < 0.15 and name.count(".") < 3:
            self.namespaces.add(name)
            name = f"{name}.inner"
        self.modules[name] = Module([self._block()], is_package=kind > 0.8 and name.count(".") < 3)
        self.origins[name] = set()
        for _ in range(self.random.randint(0, 2)):
            self._add_import(name)
        return f"add {name}"

    def _add_import(self, importer: str = "") -> str:
        importer = importer or self.random.choice(sorted(self.modules))
        target = (
            self.random.choice(sorted(self.modules))
            if self.random.random() < 0.93
            else f"p.{self.random.choice(_LEAVES)}"
        )
        if target == importer:
            return ""
        self.statements += 1
        style, kind = self.random.choice(_STYLES), self.random.choice(_KINDS)
        if style == "star" and kind in ("deferred", "class"):
            kind = "eager"
        self.modules[importer].imports.append(Imports(target, style, kind, self.statements))
        return f"{importer} imports {target} ({style}, {kind})"

    def _some_import(self) -> tuple[str, Imports] | None:
        found = [(name, one) for name, module in sorted(self.modules.items()) for one in module.imports]
        return self.random.choice(found) if found else None

    def _remove_import(self) -> str:
        chosen = self._some_import()
        if chosen is None:
            return ""
        name, one = chosen
        self.modules[name].imports.remove(one)
        return f"{name} imports {one.target} no more"

    def _change_kind(self) -> str:
        chosen = self._some_import()
        if chosen is None or chosen[1].style == "star":
            return ""
        chosen[1].kind = self.random.choice(_KINDS)
        return f"{chosen[0]} imports {chosen[1].target} {chosen[1].kind}"

    def _reformat(self, *, in_place: bool = True) -> str:
        del in_place
        name = self.random.choice(sorted(self.modules))
        module = self.modules[name]
        module.style = self.random.randint(0, 5)
        self.random.shuffle(module.imports)
        return f"reformat {name}"

    def _whole(self, *, with_init: bool = False) -> list[str]:
        """Modules that nothing structural happened to in this step, and with nothing below them."""
        names = [name for name in sorted(self.modules) if name.startswith("p.") and name not in self.touched]
        names = [name for name in names if self.origins.get(name) == {name}]
        if with_init:
            return names
        return [name for name in names if not any(other.startswith(f"{name}.") for other in self.modules)]

    def _move(self, names: dict[str, str]) -> None:
        """Give modules other names, in all imports too."""
        for old, name in names.items():
            self.modules[name] = self.modules.pop(old)
            self.origins[name] = self.origins.pop(old)
            self.touched.update((old, name))
            self.renamed[name] = self.renamed.get(old, old)
        for module in self.modules.values():
            for one in module.imports:
                one.target = names.get(one.target, one.target)

    def _name_beside(self, old: str) -> str | None:
        """A free name in the same package that nobody imports."""
        taken = {one.target for module in self.modules.values() for one in module.imports}
        names = [f"{old.rpartition('.')[0]}.{leaf}" for leaf in _LEAVES]
        free = [name for name in names if name not in self.modules and name not in self.namespaces | taken]
        return self.random.choice(free) if free else None

    def _rename(self, *, in_place: bool = False) -> str:
        whole, name = self._whole(), self._free_name()
        if not whole or name is None:
            return ""
        old = self.random.choice(whole)
        name = self._name_beside(old) if in_place else name
        if name is None or name.startswith(f"{old}.") or name in self.touched:
            return ""
        if self.modules[old].is_package:
            self.namespaces.discard(old)
        self._move({old: name})
        self._forget_empty()
        return f"rename {old} to {name}"

    def _rename_package(self, *, in_place: bool = False) -> str:
        packages = {name.rpartition(".")[0] for name in self.modules} - {"p", "q", ""}
        whole = set(self._whole(with_init=True))
        fitting = [
            package
            for package in sorted(packages)
            if {name for name in self.modules if f"{name}.".startswith(f"{package}.")} <= whole
        ]
        name = self._free_name()
        if not fitting:
            return ""
        package = self.random.choice(fitting)
        name = self._name_beside(package) if in_place else name
        if name is None or name in self.touched or f"{name}.".startswith(f"{package}."):
            return ""
        names = {old: name + old.removeprefix(package) for old in self.modules if f"{old}.".startswith(f"{package}.")}
        spaces = {old for old in self.namespaces if f"{old}.".startswith(f"{package}.")}
        self.namespaces = self.namespaces - spaces | {name + old.removeprefix(package) for old in spaces}
        self._move(names)
        return f"rename package {package} to {name}"

    def _split(self) -> str:
        """Move more than half of a module to a new one, or less, which imports it or is imported by it."""
        whole = [name for name in self._whole() if not self.modules[name].is_package and self.modules[name].blocks]
        name = self._free_name()
        if not whole or name is None or name in self.touched or any(name.startswith(f"{one}.") for one in whole):
            return ""
        old = self.random.choice(whole)
        giver = self.modules[old]
        giver.blocks.append(self._block())
        moved = [giver.blocks.pop(0)]
        imports = [one for one in giver.imports if self.random.random() < 0.5 and one.target != name]
        giver.imports = [one for one in giver.imports if one not in imports]
        self.modules[name] = Module(moved, imports)
        self.origins[name] = set(self.origins[old])
        self.touched.update((old, name))
        for one, target in ((old, name), (name, old)):
            if self.random.random() < 0.6:
                self.statements += 1
                self.modules[one].imports.append(Imports(target, "from", "eager", self.statements))
        return f"split {name} off {old}"

    def _join(self) -> str:
        """Move all of a module to another one."""
        whole = [name for name in self._whole() if not self.modules[name].is_package]
        if len(whole) < 2:
            return ""
        old, name = self.random.sample(whole, 2)
        gone = self.modules.pop(old)
        taker = self.modules[name]
        taker.blocks += gone.blocks
        taker.imports += [one for one in gone.imports if one.target != name]
        for module in self.modules.values():
            for one in module.imports:
                one.target = name if one.target == old else one.target
        taker.imports = [one for one in taker.imports if one.target != name]
        self.origins[name] |= self.origins.pop(old)
        self.touched.update((old, name))
        self._forget_empty()
        return f"join {old} into {name}"

    def _delete(self) -> str:
        whole = self._whole()
        if len(whole) < 3:
            return ""
        name = self.random.choice(whole)
        del self.modules[name], self.origins[name]
        self.touched.add(name)
        if self.random.random() < 0.7:
            for module in self.modules.values():
                module.imports = [one for one in module.imports if one.target != name]
        self._forget_empty()
        return f"delete {name}"

    def _turn_into_package(self) -> str:
        whole = [name for name in self._whole() if not self.modules[name].is_package and name.count(".") < 3]
        if not whole:
            return ""
        name = self.random.choice(whole)
        self.modules[name].is_package = True
        self.touched.add(name)
        return f"turn {name} into a package"

    def _add_init(self) -> str:
        if not self.namespaces:
            return ""
        name = self.random.choice(sorted(self.namespaces))
        if name in self.touched:
            return ""
        self.namespaces.discard(name)
        self.modules[name] = Module([self._block()], is_package=True)
        self.origins[name] = set()
        self.touched.add(name)
        self._add_import(name)
        return f"add {name}/__init__.py"

    def _remove_init(self) -> str:
        fitting = [name for name in self._whole(with_init=True) if self.modules[name].is_package]
        fitting = [name for name in fitting if any(other.startswith(f"{name}.") for other in self.modules)]
        if not fitting:
            return ""
        name = self.random.choice(fitting)
        del self.modules[name], self.origins[name]
        self.namespaces.add(name)
        self.touched.add(name)
        return f"remove {name}/__init__.py"

    def _forget_empty(self) -> None:
        self.namespaces = {
            name for name in self.namespaces if any(module.startswith(f"{name}.") for module in self.modules)
        }

    def _text(self, name: str) -> str:
        module = self.modules[name]
        blank = "\n" * (module.style % 3)
        lines = [
            "# said again\n" * (module.style % 2),
            "from typing import TYPE_CHECKING\nfrom importlib import import_module\n",
        ]
        lines += [_placed(_statement(one, name, is_package=module.is_package), one) + blank for one in module.imports]
        for block in module.blocks:
            lines += [f"VALUE_{block}_{number} = {block * number}\n{blank}" for number in range(_BLOCK)]
        return "".join(lines) if module.blocks or module.imports else ""


def _statement(one: Imports, importer: str, *, is_package: bool) -> str:
    above, _, leaf = one.target.rpartition(".")
    match one.style:
        case "call":
            return f'import_module("{one.target}")'
        case "star":
            return f"from {one.target} import *"
        case "name":
            return f"from {one.target} import value_{one.number}"
        case "as" if above:
            return f"import {one.target} as x{one.number}"
        case "from" if above:
            return f"from {above} import {leaf}"
        case "relative" if one.target.startswith("p.") and importer.startswith("p"):
            package = importer if is_package else importer.rpartition(".")[0]
            dots, parts = 1, package.split(".")
            target = above.split(".")
            while parts != target[: len(parts)]:
                parts.pop()
                dots += 1
            return f"from {'.' * dots}{'.'.join(target[len(parts) :])} import {leaf}"
    return f"import {one.target}"


def _placed(statement: str, one: Imports) -> str:
    match one.kind:
        case "deferred":
            return f"def f{one.number}():\n    {statement}\n"
        case "typing":
            return f"if TYPE_CHECKING:\n    {statement}\n"
        case "optional":
            return f"try:\n    {statement}\nexcept ImportError:\n    pass\n"
        case "main":
            return f'if __name__ == "__main__":\n    {statement}\n'
        case "class":
            return f"class C{one.number}:\n    {statement}\n"
    return f"{statement}\n"
