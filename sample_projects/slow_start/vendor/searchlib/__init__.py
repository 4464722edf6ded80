"""Stands in for the SDK of a search engine."""

_PREPARED = sum(number * number % 7 for number in range(800_000))  # as long as the real one takes to build its classes


class Index:
    def find(self, words):
        return [words]
