"""Measure and shorten the texts of pictures, where no font can be asked."""

import unicodedata

_WIDTHS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckvsxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
"""The widths of Helvetica (Adobe's font metrics; Arial has the same), in thousandths of the size."""
_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}
_WIDE, _OTHER = 1000, 650
"""For characters that Helvetica lacks: those of East Asia, which fill a square, and all others."""
_BOLD = 1.08


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is in Helvetica of a size, in the unit of the size.

    >>> text_width("it", 1000)
    500.0
    """
    thousandths = sum(_width(character) for character in text)
    return thousandths * size / 1000 * (_BOLD if bold else 1)


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters: the middle of a longer one is left out.

    >>> shortened("abcdefgh", 5)
    'ab…gh'
    """
    if len(text) <= most:
        return text
    head = (most - 1) // 2
    return f"{text[:head]}…{text[head + 1 - most :]}"


def ending(name: str, most: int, separator: str = ".") -> str:
    """Return the last parts of a name or path that is longer than `most` characters, the last one at least.

    >>> ending("tools.shop.orders", 12), ending("abcdefgh", 5)
    ('…shop.orders', 'ab…gh')
    """
    parts = name.split(separator)
    while len(name) > most and len(parts) > 1:
        del parts[0]
        name = f"…{separator.join(parts)}"
    return shortened(name, most)


def _width(character: str) -> int:
    if character in _WIDTH_OF:
        return _WIDTH_OF[character]
    if unicodedata.combining(character):
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else _OTHER
