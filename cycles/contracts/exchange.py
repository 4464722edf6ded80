"""What a rehearsal is asked, and what it answers: plain values, for they travel between processes."""

from typing import TypedDict


class Request(TypedDict):
    """Root packages with their folders, what of them to look at, and the contract to rehearse.

    Without `rehearse` only the imports inside `packages` are asked for.
    """

    folders: dict[str, list[str]]
    exclude_type_checking_imports: bool
    packages: list[str]
    graph: str
    excepted: list[tuple[str, str]]
    rehearse: bool


class Answer(TypedDict):
    """`imports` inside the packages (importer, imported, line); or what came of the rehearsal.

    `error` says why there is no answer. `cuts`, `closing` and `harmless` are (as they should be, of so many).
    """

    error: str
    imports: list[tuple[str, str, int]]
    kept: bool
    cuts: tuple[int, int]
    closing: tuple[int, int]
    harmless: tuple[int, int]
    everywhere: bool
