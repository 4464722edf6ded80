"""An import of which only its place is known yet."""

from enum import IntEnum
from typing import NamedTuple


class Form(IntEnum):
    """How an import is written."""

    PLAIN = 0
    LAZY = 1
    DYNAMIC = 2


class Mention(NamedTuple):
    """One module names another on a line."""

    importer: str
    imported: str
    line_number: int
    form: Form
