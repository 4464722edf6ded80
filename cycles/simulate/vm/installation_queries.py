"""Calls that ask what is installed: answered where that is known, so that what depends on it is no open question."""

from cycles.simulate.compile.instructions import NONE, Outside
from cycles.simulate.vm.classes_and_instances import Objects
from cycles.simulate.vm.natives import Given, Named, Native, native
from cycles.simulate.vm.values import Failure, Made, Value

_NOT_FOUND = ".PackageNotFoundError"
_METADATA = ("importlib.metadata", "importlib_metadata")


def _version(of: str) -> Native:
    def version(vm: Objects, given: Given, named: Named) -> Value:
        name = named.get("distribution_name", given[0] if given else None)
        elsewhere = vm.library.elsewhere
        error = Outside(f"{of.rpartition('.')[0]}{_NOT_FOUND}")
        failure = Failure("ModuleNotFoundError", made_by=error, name="PackageNotFoundError")
        if elsewhere is None or not isinstance(name, str):
            vm.may_raise_here(failure)
            return Outside(f"{of}()")
        found = elsewhere.version_of(name)
        if found is None:
            raise vm.raised(failure)
        return found if of.endswith(".version") else Outside(f"{of}()")

    return version


@native("importlib.util.find_spec")
def _find_spec(vm: Objects, given: Given, named: Named) -> Value:
    name = named.get("name", given[0] if given else None)
    unknown = Outside("importlib.util.find_spec()")
    if not isinstance(name, str) or name.startswith("."):
        return unknown
    if name.partition(".")[0] in vm.library.tops:
        is_there: bool | None = name in vm.library.files or name in vm.library.compiled or None
    else:
        is_there = vm.library.is_installed(name)
    return unknown if is_there is None else Made("importlib.machinery.ModuleSpec") if is_there else NONE


for _of in (f"{module}.{name}" for module in _METADATA for name in ("version", "distribution", "metadata")):
    native(_of)(_version(_of))
