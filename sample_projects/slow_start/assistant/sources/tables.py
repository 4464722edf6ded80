from typing import TYPE_CHECKING

import tablelib

from assistant.registry import register

if TYPE_CHECKING:
    from tablelib import Table


@register
class Tables:
    def load(self, rows) -> "Table":
        return tablelib.Table(rows)

    def total(self, rows):
        return self.load(rows).total()
