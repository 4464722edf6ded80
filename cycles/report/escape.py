"""Write texts from outside so that Markdown and Mermaid show them as they are, whatever they hold."""

import re

from cycles.report.wording import clean

_CHART_PLAIN = frozenset(" ./,:·▲…-()")
# GitHub makes links of @names, #numbers, addresses and commits, also where Markdown escapes them; in code it does not.
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d{1,6}|[→…×≤]")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]")
_AROUND = re.compile(r"([(\"']*)(.*?)([)\"',;:.?!]*)")


def markdown(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    >>> print(markdown("__init__ | <b>"))
    \_\_init\_\_ \| &lt;b&gt;
    """
    plain = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{character}" if character in "\\`*_[]|#~$!@" else character for character in plain)


def markdown_code(text: str) -> str:
    r"""Return text as code, in a fence longer than any in it.

    >>> print(markdown_code("a | `b`"))
    `` a | `b` ``
    """
    plain = clean(text) or " "
    fence = "`"
    while fence in plain:
        fence += "`"
    # Markdown takes one space away from both ends of code, unless it is nothing but spaces.
    padded = f" {plain} " if plain.strip(" ") and {plain[0], plain[-1]} & {" ", "`"} else plain
    return f"{fence}{padded}{fence}"


def markdown_sentence(sentence: str) -> str:
    """Return a sentence of ours as Markdown, in which all that is no plain word is code: names, places, annotations.

    >>> print(markdown_sentence("move get_user under TYPE_CHECKING (shop/a.py:3)"))
    move `get_user` under `TYPE_CHECKING` (`shop/a.py:3`)
    """
    return " ".join(_part(part) for part in clean(sentence).split(" "))


def _part(part: str) -> str:
    found = _AROUND.fullmatch(part)
    assert found is not None  # noqa: S101  every text matches
    before, core, after = found.groups()
    # Of a call the parentheses belong to the name.
    if core and after.startswith(")") and core.count("(") > core.count(")"):
        core, after = f"{core})", after[1:]
    is_word = not core or (_WORD.fullmatch(core) and not _INNER_CAPITAL.search(core))
    return before + (core if is_word else markdown_code(core)) + after


def mermaid(text: str) -> str:
    """Return text that Mermaid shows as it is: all that could mean something to it is written by its number.

    >>> mermaid('__init__ "x"')
    '#95;#95;init#95;#95; #34;x#34;'
    """
    return "".join(
        character if character.isalnum() or character in _CHART_PLAIN else f"#{ord(character)};"
        for character in clean(text)
    )


def shortened(text: str, most: int) -> str:
    """Return text that is cleaned, without its middle where it is longer than that.

    >>> shortened("from shop import a_very_long_name", 20)
    'from shop …long_name'
    """
    plain = clean(text)
    if len(plain) <= most:
        return plain
    half = (most - 1) // 2
    return f"{plain[: most - 1 - half]}…{plain[len(plain) - half :]}"
