"""Calls of Python and of its library, by the dotted names of what is called: the table, and what fills it.

Whatever calls what it is given, or gives something back that is called later, is in the table. `QUIET` are those that
call nothing of what they are given; all others may.
"""

from collections.abc import Callable
from typing import TypeAlias

from cycles.simulate.compile.instructions import NONE
from cycles.simulate.trampoline import Eventual, Step
from cycles.simulate.vm.classes_and_instances import Objects
from cycles.simulate.vm.values import Consumer, Raised, Stream, Value

Given: TypeAlias = tuple[Value, ...]
Named: TypeAlias = dict[str, Value]
Native: TypeAlias = Callable[[Objects, Given, Named], Eventual[Value]]


def words_of(*texts: str) -> list[str]:
    """Return the words of texts: names, as many in a line as there is room for."""
    return " ".join(texts).split()


NATIVES: dict[str, Native] = {}

QUIET = frozenset(
    words_of(
        "abc typing typing_extensions logging warnings re os sys time datetime math string struct json pathlib "
        "collections types inspect weakref copyreg atexit signal io decimal fractions random uuid hashlib base64 "
        "textwrap ast dis locale gettext platform socket ssl zlib errno itertools contextvars enum dataclasses "
        "numbers urllib http email html xml queue tempfile shutil glob subprocess select argparse optparse "
        "getpass csv sqlite3 zoneinfo calendar linecache tokenize keyword token traceback functools operator "
        "contextlib ctypes gc site sysconfig zipfile tarfile gzip bz2 lzma mimetypes configparser tomllib secrets "
        "statistics bisect heapq array codecs unicodedata stat fnmatch threading multiprocessing asyncio "
        "concurrent first()"
    )
)
"""Parts of the standard library that call nothing of what they are given while they are given it."""


def native(*names: str) -> Callable[[Native], Native]:
    """Make a function what calls of these names do; several may be in one text, and each has one function."""

    def register(function: Native) -> Native:
        for name in words_of(*names):
            if NATIVES.setdefault(name, function) is not function:
                raise ValueError(name)
        return function

    return register


def first_given(given: Given) -> Value:
    """Return the first thing that is given, None where nothing is."""
    return given[0] if given else None


@native("operator.call", "contextvars.copy_context().run")
def call_given(vm: Objects, given: Given, named: Named) -> Eventual[Value]:
    """Call the first thing that is given with the others."""
    return vm.call(given[0], given[1:], [*named.items()]) if given else None


def stream(start: Callable[[Consumer], Eventual[Value]], vm: Objects, seeds: Given) -> Stream:
    """Return what hands out values when it is asked for them."""
    return Stream(made=vm.load.start, start=start, seeds=seeds)


def unsure(vm: Objects, consumer: Consumer) -> Step[Value]:
    """Hand out a value, or none, nobody knows."""
    vm.uncertainty += 1
    try:
        yield consumer(None)
    finally:
        vm.uncertainty -= 1
    return NONE


def unsure_call(vm: Objects, function: Value, arguments: Given) -> Step[Value]:
    """Call a function with what is not known, or not at all."""
    decided = vm.decide()
    if decided is None:
        vm.uncertainty += 1
        try:
            yield vm.call(function, arguments)
        except Raised as error:
            vm.note(error.failure)
            vm.may_raise(error.failure)
        finally:
            vm.uncertainty -= 1
    elif decided:
        yield vm.call(function, arguments)
    return None


def asking(*methods: str) -> Native:
    """Return what calls the first of some special methods that the thing given has."""

    def ask(vm: Objects, given: Given, _: Named) -> Eventual[Value]:
        for method in methods:
            hook = vm.method(first_given(given), method)
            if hook is not None:
                return vm.call(hook, given[1:] if method == "__format__" else ())
        return None

    return ask
