"""A random generator and real source files in; copies of them with damage, out."""

import os
from pathlib import Path
from random import Random

from hostile import Entry, Project

_TOKENS = (
    *(b"import ", b"from ", b"lazy ", b"(", b")", b"[", b"]", b"{", b"}", b":", b";", b"\\", b"\\\n", b'"""', b"'''"),
    *(b"'", b'"', b"#", b"\n", b"\r", b"\f", b"\0", b"\x1a", b"\xff", b"\xe9", b"\t", b"    ", b"if TYPE_CHECKING:\n"),
    *(b"\ndef f():\n", b"\nclass C:\n", b"\ntry:\n", b"else:", b"lambda: ", b"async ", b"await ", b"*", b"**", b"."),
    *(b"__import__('", b"import_module('", b"\nfrom . import *\n", b"f'{", b"match x:\n", b"@", b"->", b":=", b"="),
    *(
        b"__all__",
        b"\nglobal x\n",
        b"\nreturn\n",
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
        b"# coding: hex\n",
        b"del ",
        b"yield ",
    ),
)
_SMALLEST, _LARGEST = 2, 16
_MOST_BYTES = 120_000


def real_packages(folders: list[Path]) -> list[tuple[str, list[tuple[bytes, bytes]]]]:
    """Small packages at or below folders: the name of each and its files, by path, sorted."""
    found = []
    for folder in folders:
        for path, directories, files in os.walk(folder):
            directories.sort()
            if "__init__.py" not in files or not os.path.basename(path).isidentifier():
                continue
            below = sorted(file for file in Path(path).rglob("*.py") if file.is_file())
            size = sum(file.stat().st_size for file in below)
            if _SMALLEST < len(below) <= _LARGEST and size < _MOST_BYTES:
                top = os.path.dirname(path)
                found.append(
                    (
                        os.path.basename(path),
                        [(os.fsencode(os.path.relpath(file, top)), file.read_bytes()) for file in below],
                    )
                )
                directories.clear()
    return sorted(found)


def mangled(random: Random, packages: list[tuple[str, list[tuple[bytes, bytes]]]]) -> Project:
    """A copy of one of the packages with damage in some of its files."""
    name, files = random.choice(packages)
    contents = [content for _, content in files]
    entries = []
    for path, content in files:
        new = content
        if random.random() < 0.5:
            for _ in range(random.choice((1, 1, 2, 4, 16))):
                new = _damaged(random, new, contents)
        entries.append(Entry(path, content=new))
    names = tuple(
        os.fsdecode(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path, _ in files
    )
    return Project("project", name, tuple(entries), 0, names)


def _damaged(random: Random, data: bytes, others: list[bytes]) -> bytes:
    at = random.randint(0, len(data))
    end = min(len(data), at + random.choice((1, 1, 2, 5, 30, 400)))
    lines = data.split(b"\n")
    row = random.randrange(len(lines))
    match random.randrange(11):
        case 0:
            return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
        case 1 if data:
            place = min(at, len(data) - 1)
            return data[:place] + bytes([data[place] ^ (1 << random.randrange(8))]) + data[place + 1 :]
        case 2:
            return data[:at] + data[end:]
        case 3:
            return data[:at] + random.choice(_TOKENS) + data[at:]
        case 4:
            other = random.choice(others)
            start = random.randint(0, len(other))
            return data[:at] + other[start : start + random.choice((3, 50, 1000))] + data[at:]
        case 5:
            return data[:at]
        case 6:
            return data[:end] + data[at:end] * random.choice((1, 2, 20)) + data[end:]
        case 7:
            other_row = random.randrange(len(lines))
            lines[row], lines[other_row] = lines[other_row], lines[row]
            return b"\n".join(lines)
        case 8:
            del lines[row]
            return b"\n".join(lines)
        case 9:
            lines[row] = random.choice((b" ", b"\t", b"    ", b"\f")) + lines[row]
            return b"\n".join(lines)
        case _:
            lines.insert(row, random.choice((b"", b"", random.choice(_TOKENS))) + lines[random.randrange(len(lines))])
            return b"\n".join(lines)
