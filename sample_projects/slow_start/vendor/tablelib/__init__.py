"""Stands in for a library of tables."""

import numlib

_PREPARED = sum(number * number % 7 for number in range(1_000_000))  # as long as the real one takes to build its classes


class Table:
    def __init__(self, rows):
        self.rows = rows

    def total(self):
        return numlib.total(self.rows)
