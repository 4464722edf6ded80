"""A random generator and the names of modules in; the bytes of a module that is hard to read, out."""

import ast
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random

_COOKIES = (
    *("latin-1", "iso-8859-15", "cp1252", "utf-8", "utf8", "UTF-8", "utf-8-sig", "utf_8", "U8", "ascii", "euc-jp"),
    *("shift_jis", "gb18030", "big5", "koi8-r", "cp037", "cp424", "iso2022_jp", "hz", "mbcs", "oem"),
    *("utf-7", "utf-16", "utf-16-le", "utf-32", "unicode_escape", "raw_unicode_escape", "idna", "punycode"),
    *("hex", "rot13", "base64", "bz2", "zlib", "uu", "quopri", "undefined", "unknown", "no-such", "", "x" * 500),
    *("latin-1-unix", "utf-8-dos", "utf-8-*-", "../../etc/passwd", "os", "__main__", "\x1b[31m", "charmap"),
)
_COOKIE_LINES = (
    "# coding: {}",
    "# -*- coding: {} -*-",
    "# vim: set fileencoding={} :",
    "#coding={}",
    "\f# coding: {}",
    "#!/usr/bin/python\n# coding: {}",
    "\n# coding: {}",
    "x = 1 # coding: {}",
    '"""\n# coding: {}"""',
    "\\\n# coding: {}",
    "# a\r# coding: {}",
)
_MARKS = (b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff", b"\0", b"\f", b"\x1a")
_SPLICES = (
    *(b"\f", b"\f\n", b"\v", b"\0", b"\x1a", b"\r", b"\r\n", b"\n\r", b"\xe2\x80\xa8", b"\xc2\x85", b"\x1c", b"\x1d"),
    *(b"\xe9", b"\xff", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xe2\x80\xae", b"\x1b[31m", b"\t", b" "),
    *(b"\\", b"\\\n", b"\\\n\f", b'"""', b"'", b"#", b"(", b")", b";", b":", b"\xef\xbb\xbf", b"\xe3\x80\x80", b"\xa0"),
    *(b"# caf\xe9\n", b"x = 'caf\xe9'\n", b"    ", b"else:", b"lazy ", b"import ", b"from . import a\n", b"\n"),
)
_NAMES = (
    *(
        "a",
        "b",
        "c",
        "d",
        "X",
        "f",
        "x",
        "ﬁ",
        "µ",
        "ª",
        "\U0001d51e",
        "_",
        "__all__",
        "__name__",
        "__getattr__",
        "match",
    ),
    *("lazy", "type", "TYPE_CHECKING", "__path__", "__dict__", "print", "self", "x" * 3000, "__debug__", "e\u0301"),
)
_STRINGS = (
    r"'\ud800'",
    r"'\N{BULLET}'",
    r"'\N{no such}'",
    r"'\x'",
    "'\u202e'",
    "'\x1b[31m'",
    "'''\nimport {t}\n'''",
    '"""\nif 1:\n    import {t}\n"""',
    "'''\\\nfrom . import b'''",
    "b'\\xff'",
    "rb'\\'",
    "r'\\\n'",
    "f'{{{{}}}}'",
    "f'{{1:{{2}}}}'",
    "f'{{\"import {t}\"}}'",
    "f'''\n{{\nx\n}}'''",
    'f"{{f"{{f"{{1}}"}}"}}"',
    "f'{{x!r:>{{10}}}}'",
    "f'{{lambda x: 1}}'",
    "f'{{x = }}'",
    "t'{{1}}'",
    'rt"{{__import__("{t}")}}"',
    "u'é' 'import {t}' \"x\"",
    "'unterminated",
    '"""unterminated',
    "'\u2028'",
    "'\\\r\n'",
    "1_000 if 1else 0",
    "0xfor x in ()",
    "0777",
    "1__0",
    "9" * 5000,
    "1e99999",
    "1jif 1else 2",
    "...",
)
_IMPORTS = (
    "import {t}",
    "import {t} as x",
    "import {t} as ﬁ, {u}",
    "import {t}, {u}, {v}",
    "import {t}; from {u} import {n}; x = 1",
    "from {t} import {n}",
    "from {t} import {n} as {m}, {m} as {n}",
    "from {t} import ({n}, {m},)",
    "from {t} import ({n}, # ) no end\n  {m})",
    "from {t} import (\n\n# import {u}\n{n}\n\f\n, {m}\n)",
    "from {t} import(\n{n}as x)",
    "from {t} import *",
    "from . import {n}",
    "from .. import {n}, {m}",
    "from . import *",
    "from.import {n}",
    "from.{l} import {n}",
    "from . {l} import {n}",
    "from .\\\n{l}\\\n import {n}",
    "from ... import far",
    "from ....... import far",
    "from .......{l} import far",
    "from . . import {n}",
    "from.. .import {n}",
    "from {t} import\\\n {n}",
    "from\\\n {t}\\\nimport\\\n {n}",
    "import\\\n {t}",
    "import\t{t}",
    "import \f{t}",
    "\f import {t}",
    "import {t} . x",
    "import {t}.\\\nno_such",
    "import {t}.no.such.thing",
    "import {t}#import {u}",
    "if 1: import {t}",
    "if 1: pass; import {t}",
    "if 1:\\\n import {t}",
    "class C: import {t}",
    "class C:\n  from {t} import {n}\n  x = {n}",
    "class C({n}, metaclass={m}):\n  import {t}\n  def f(self):\n    from {u} import {n}",
    "try: import {t}\nexcept: pass",
    "try:\n  import {t}\nexcept ImportError: import {u}\nelse: import {v}\nfinally: from {t} import {n}",
    "try:\n  import {t}\nexcept ImportError, ValueError:\n  import {u}",
    "try:\n  import {t}\nexcept* ImportError:\n  import {u}",
    "try:\n  from {t} import {n}\nexcept (ImportError, AttributeError) as error:\n  {n} = None\n  raise",
    "with x: import {t}",
    "with suppress(ImportError): import {t}",
    "from contextlib import suppress as s\nwith s(ImportError), open({n!r}) as f:\n  import {t}",
    "with (a as b, c as d,):\n  import {t}",
    "with ({n} as x): import {t}",
    "for _ in (): import {t}\nelse: import {u}",
    "while 0: import {t}",
    "while 1:\n  import {t}\n  break\nelse: import {u}",
    "while True: pass",
    "def f(): import {t}",
    "def f():\n  import {t}\nf()",
    "def f(x={n}, *a, y: {m} = {n}, **k) -> {n}:\n  global {m}\n  from {t} import {m}\n  return f\nf()()()",
    "async def f():\n  async with x: import {t}\n  async for y in z:\n    await g(\n import_module('{t}'))",
    "f = lambda x=__import__('{t}'): __import__('{u}')",
    "[__import__('{t}') for _ in () if __import__('{u}')]",
    "{{__import__('{t}'): 1 for _ in ()}}",
    "(y := __import__('{t}'))",
    "if (y := __import__('{t}')) and y: from {u} import {n}",
    "match x:\n  case 1: import {t}\n  case {{'a': _, **r}} if __import__('{u}'): import {v}\n  case _: import {t}",
    "match (x):\n case[a, *b]:\n  import {t}",
    "match = case = type = lazy = _ = 1\nmatch[1:2]\ntype(x)\nlazy",
    "match x: # no block\n",
    "@__import__('{t}').f\ndef g(): pass",
    "@{n}\n@{m}(x)\nclass D: pass",
    "x: __import__('{t}') = 1",
    "f\"{{__import__('{t}')}}\"",
    'f"{{__import__("{t}")}}"',
    "t'{{__import__(\"{t}\")}}'",
    "assert __import__('{t}'), import_module('{u}')",
    "del __import__('{t}').x",
    "return __import__('{t}')",
    "yield __import__('{t}')",
    "await __import__('{t}')",
    "raise import_module('{t}').E from None",
    "from importlib import import_module\nimport_module('{t}')",
    "import importlib as il\nil.import_module('{t}', package='{u}')",
    "import_module('.{l}', __package__)",
    "import_module('.{l}', package='{u}')",
    "import_module('......{l}', __name__)",
    "import_module('.', __name__)",
    "import_module('..', '{t}')",
    "import_module('')",
    "import_module('{t}' '{u}')",
    "import_module(\f'{t}')",
    "\fimport_module('{t}')",
    "import_module\\\n('{t}')",
    "import_module (\n  '{t}'\n)",
    "import_module(name='{t}')",
    "importlib . import_module ( '{t}' , )",
    "import_module(b'{t}')",
    "import_module(f'{t}')",
    "import_module('{t}'); import_module(\"{u}\")",
    "import_module(u'{t}', None)",
    "__import__('{t}', fromlist=['{n}'])",
    "__import__('{t}', globals(), locals(), [], 0)",
    "__import__('{t}.x.y')",
    "xé__import__('{t}')",
    "__builtins__.__import__('{t}')",
    "x.__import__('{t}').y.z",
    "exec('import {t}')",
    "# import_module('{t}')",
    "'''import_module('{t}')'''",
    "lazy import {t}",
    "lazy import {t} as x\nx.y",
    "lazy from {t} import {n}",
    "lazy from {t} import {n}, {m}\nclass C({n}): pass",
    "lazy from . import {n}",
    "lazy from {t} import *",
    "lazy\timport {t}",
    "lazy  from .{l} import (\n{n})",
    "\flazy import {t}",
    "lazy \fimport {t}",
    "lazy\\\n import {t}",
    "lazy = 1; lazy import {t}",
    "if 1: lazy import {t}",
    "try:\n  lazy import {t}\nexcept ImportError: pass",
    "class C:\n  lazy import {t}",
    "def f():\n  lazy import {t}",
    "'''\nlazy import {t}\n'''",
    "__lazy_modules__ = ['{t}']\nimport {t}",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING: import {t}",
    "from typing import TYPE_CHECKING as TC\nif TC:\n  from {t} import {n}\nelse:\n  import {u}",
    "import typing as t\nif t.TYPE_CHECKING or x: import {t}",
    "TC: bool = TYPE_CHECKING\nif not TC: import {t}",
    "TYPE_CHECKING = False\nif TYPE_CHECKING: import {t}",
    "if (\nTYPE_CHECKING\n): import {t}",
    "if 'TYPE_CHECKING': import {t}",
    "if TYPE_CHECKING and \\\n not x:\n  import {t}\nelif MYPY: import {u}\nelse: import {v}",
    "while TYPE_CHECKING: import {t}",
    "if False: import {t}",
    "if 0: import {t}\nelif not 0:\n  import {u}",
    "if " + "x" * 3000 + ": import {t}",
    "if __name__ == '__main__': import {t}",
    "if '__main__' == __name__ and 1: import {t}",
    "if __name__ != '__main__':\n  import {t}",
    "__all__ = ['{n}']\nfrom {t} import *",
    "__all__ = [*{n}.__all__]; __all__ += ['x']; __all__.extend({m}); __all__: list = 1; del __all__",
    "__all__ = 1\n__all__ = '{n}'\nfrom {t} import {n}",
    "__all__ = ('\\x1b[31m', '\\ud800', '')",
    "def __getattr__(name):\n  from {t} import {n}\n  return globals()[name]",
    "def __dir__(): return 1\n__getattr__ = {n}",
    "import sys\nsys.modules[__name__] = {n}\nsys.modules.pop('{t}')\ndel sys.modules['{u}']",
    "import sys; sys.modules['{t}'] = None; import {t}",
    "globals()['{n}'] = 1; locals().update(x=1); vars()['y'] = 1; setattr({n}, 'x', 1); getattr({n}, 'y')",
    "__path__ = []; import {t}",
    "__path__.append('x'); __package__ = 'zzz'; from . import {n}",
    "__name__ = '__main__'; __spec__ = None; __file__ = 1; __builtins__ = {{}}\nimport {t}",
    "import {t} as x\nx.{n}.{m}.x.y = 1\nx.{n}()\ndel x.{m}",
    "import {t}\n{t}.{n}\n{t}.{m}()",
    "from {t} import {n}\n{n}.{m}\n{n}()\n{n}[{m}] = 1\ndel {n}",
    "from {t} import {n}\ndef f(x: {n}) -> '{m}': return {n}",
    "from __future__ import annotations\nfrom {t} import {n}\nx: {n}",
    "from __future__ import braces",
    "from {t} import {n}\nclass C({n}):\n  y: {n} = {n}\n  @{n}\n  def f(self, x={n}): return {n}",
    'from {t} import {n}\n__all__ = ["{n}"]',
    "from {t} import {n} as {n}",
    "type X = {n}\ntype Y[T] = list[T]",
    "def f[T: ({n}, str) = int, *Ts, **P](x: T) -> T: import {t}",
    "class C[T]:\n  import {t}",
    "def f(): f()\nf()",
    "def f(): g()\ndef g():\n  import {t}\n  f()\ng()",
    "def f(*, a, b=f): yield f\nfor x in f(): import {t}",
    "class V:\n  def __init__(self):\n    import {t} as z\n    z.{n}\n  def __call__(self): return self()\nV()()",
    "global x\nnonlocal y\nx = y = 1",
    "raise ImportError('{t}')",
    "raise SystemExit; import {t}",
    "print 'old'\nexec 'x'",
    "<<<<<<< HEAD\nimport {t}\n=======\nimport {u}\n>>>>>>> x",
    "if x:\n\ty = 1\n        import {t}",
    "if x:\n \t import {t}\n \t y = 1",
    "if x:\n    pass\n\f\n    import {t}",
    "if x:\n  \f    import {t}",
    "if x: pass\n  import {t}",
    "   import {t}",
    "if 1:\n    \\\n  import {t}",
    "if 1:\n  if 1:\n    pass\n # odd\n  import {t}",
    "x = (\nimport {t}\n)",
    "x = [\n'''\n''', # import\n\n] ; import {t}",
    "def f():\n  '''doc'''\n  # c\n\n\n  pass\nimport {t}",
    "$ import {t}",
    "? = {t}",
    "import {t} if 1 else 2",
    "import class",
    "import {t}.class",
    "from {t} import None",
    "from {t} import 1",
    "import",
    "from {t} import",
    "from",
    "import {t} as",
    "import {t},",
    "from {t} import {n},",
    "from {t} import ()",
    "from {t} import (*)",
    "import é{t}",
    "import \uff50.a",
    "from \uff50 import \uff41",
    "import {t}\u2028import {u}",
    "import {t}\u00a0as x",
    "import {t}\x1a",
    "import {t}\x00",
    "import {t}\\",
    "\\",
    "#!/usr/bin/env python\n",
    "# type: ignore\nimport {t} # type: ignore # noqa: \x1b[31m \u202e ::error::",
    "x = 1;;",
    "pass;",
    "",
)


def _nested(opening: str, inner: str, closing: str) -> Callable[[Random], str]:
    """Something inside itself, deep."""

    def nest(random: Random) -> str:
        depth = random.choice((3, 20, 60, 90, 95, 101, 201, 1000, 3000, 20_000))
        return opening * depth + inner + closing * depth

    return nest


def _repeated(head: str, part: str, tail: str) -> Callable[[Random], str]:
    def repeat(random: Random) -> str:
        return head + part * random.choice((2, 30, 300, 1000, 5000)) + tail

    return repeat


def _blocks(header: str, most: int) -> Callable[[Random], str]:
    """Blocks inside blocks, an import in the innermost."""

    def nest(random: Random) -> str:
        depth = random.choice((5, 19, 21, 60, 98, 99, 101, 300))
        unit = random.choice((" ", "  ", "\t"))
        depth = min(depth, most)
        lines = [unit * level + header for level in range(depth)]
        return "\n".join([*lines, unit * depth + "import {t}"])

    return nest


def _chain(random: Random) -> str:
    length = random.choice((3, 30, 150))
    parts = [f"elif x == {number}:\n  import {{t}}" for number in range(length)]
    return "\n".join(["if x:\n  from {u} import {n}", *parts, "else: import {v}"])


_DEEP: tuple[Callable[[Random], str], ...] = (
    _nested("(", "__import__('{t}')", ")"),
    _nested("[", "1", "]"),
    _nested("{{", "1", "}}"),
    _nested("f(", "{n}", ")"),
    _nested("-", "1", ""),
    _nested("not ", "1", ""),
    _nested("lambda: ", "__import__('{t}')", ""),
    _nested("x[", "1", "]"),
    _nested("1 if x else ", "2", ""),
    _nested("[x for x in ", "y", "]"),
    _nested("await ", "x", ""),
    _nested("f'{{", "1", "}}'"),
    _nested("(x := ", "1", ")"),
    _nested("*", "x", ""),
    _nested("(", "", ""),
    _nested("", "", ")"),
    _repeated("x = a", ".b", ""),
    _repeated("x = f", "()", ""),
    _repeated("x = 1", " + 1", ""),
    _repeated("x = 1", " < 1", ""),
    _repeated("x = a", " and a", " and __import__('{t}')"),
    _repeated("x = a", "[0]", ""),
    _repeated("x = '' ", "'a' ", ""),
    _repeated("", "@f\n", "def g(): import {t}"),
    _repeated("", "x = ", "1"),
    _repeated("from {t} import (a", ",\n b", ")"),
    _repeated("from {t} import a", ", b", ""),
    _repeated("import {t}", ".a", ""),
    _repeated("import {t}", ", {u}", ""),
    _repeated("from ", ".", " import x"),
    _repeated("x = [", "1, ", "]"),
    _repeated("x = '", "import {t} ", "'"),
    _repeated("x = 1 # ", "y" * 20, ""),
    _repeated("", "import {t}; ", "pass"),
    _repeated("", "\n", "import {t}"),
    _repeated("x = ", "\\\n", "1"),
    _repeated("def f(a", ", *, b=1", "): pass"),
    _repeated("with a", ", a", ": import {t}"),
    _repeated("try: pass\n", "except X: import {t}\n", ""),
    _repeated("match x:\n", " case 1: import {t}\n", ""),
    _repeated("", "def f(): import {t}\nf()\n", ""),
    _repeated("import importlib\n", "importlib.import_module('{t}')\n", ""),
    _blocks("if x:", 300),
    _blocks("for x in y:", 300),
    _blocks("with x:", 300),
    _blocks("def f():", 300),
    _blocks("class C:", 300),
    _blocks("async def f(x=lambda: 1):", 300),
    _blocks("while x:", 300),
    _blocks("if TYPE_CHECKING:", 300),
    _chain,
)


def module(random: Random, name: str, modules: Sequence[str], *, is_package: bool, gentle: bool) -> bytes:
    """The bytes of one module, which imports others; a `gentle` one can be parsed, others hold what is hard to read."""
    package = name if is_package else name.rpartition(".")[0]
    if gentle:
        return _gentle(random, package, modules)
    if random.random() < 0.03:
        return b""
    hard = random.random()
    lines = _plain(random)
    if hard > 0.4:
        lines += [random.choice(_IMPORTS) for _ in range(random.randint(1, 3))]
    if hard > 0.7:
        lines.append("x = " + random.choice(_STRINGS))
    if hard > 0.85:
        lines.append(random.choice(_DEEP)(random))
    if random.random() < 0.3:
        random.shuffle(lines)
    text = "\n".join(_filled(random, line, package, modules) for line in lines)
    if random.random() < 0.95:
        text += "\n"
    return _as_bytes(random, text)


def _plain(random: Random) -> list[str]:
    plain = ("import {t}", "import {t}", "from {t} import {n}", "from {t} import {n}, {m}")
    lines = [random.choice(plain) for _ in range(random.randint(1, 4))]
    return [*lines, random.choice(("X = 1", "def f(): pass", "class X: pass", "x = 'é'", ""))]


def _gentle(random: Random, package: str, modules: Sequence[str]) -> bytes:
    """Only what this Python can parse."""
    text = ""
    for line in [*_plain(random), *(random.choice(_IMPORTS) for _ in range(random.randint(0, 4)))]:
        longer = f"{text}{_filled(random, line, package, modules)}\n"
        with warnings.catch_warnings(), suppress(SyntaxError, ValueError):
            warnings.simplefilter("ignore")
            ast.parse(longer)
            text = longer
    return text.encode("utf-8", "surrogatepass")


def _filled(random: Random, line: str, package: str, modules: Sequence[str]) -> str:
    targets = [random.choice(modules) for _ in range(3)]
    near = [found.rpartition(".")[2] for found in modules if found.rpartition(".")[0] == package]
    names = [random.choice((*near, *near, *_NAMES[:8], random.choice(_NAMES))) for _ in range(2)]
    values = {
        "t": targets[0],
        "u": targets[1],
        "v": targets[2],
        "l": random.choice((*near, "a")),
        "n": names[0],
        "m": names[1],
    }
    try:
        return line.format(**values)
    except (ValueError, IndexError, KeyError):
        return line


def _as_bytes(random: Random, text: str) -> bytes:
    encoding = "utf-8"
    if random.random() < 0.1:
        cookie = random.choice(_COOKIES)
        text = random.choice(_COOKIE_LINES).format(cookie) + "\n" + text
        if random.random() < 0.6:
            encoding = cookie
    newline = random.random()
    if newline < 0.15:
        text = text.replace("\n", "\r\n")
    elif newline < 0.2:
        text = text.replace("\n", "\r")
    elif newline < 0.25:
        text = "".join(random.choice(("\n", "\r", "\r\n")) if mark == "\n" else mark for mark in text)
    try:
        data = text.encode(encoding)
    except (LookupError, UnicodeError, TypeError, ValueError):
        data = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.05:
        data = random.choice(_MARKS) + data
    if random.random() < 0.15:
        for _ in range(random.choice((1, 1, 2, 5))):
            at = random.randint(0, len(data))
            data = data[:at] + random.choice(_SPLICES) + data[at:]
    return data
