"""Cycles of which one edge exists for type checkers only, in three spellings."""
