"""Stands in for a library of arrays."""

_PREPARED = sum(number * number % 7 for number in range(1_500_000))  # as long as the real one takes to build its classes


def total(values):
    return sum(values)
