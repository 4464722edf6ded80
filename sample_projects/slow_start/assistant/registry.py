"""The sources by name: each registers itself when it is imported."""

SOURCES = {}


def register(source):
    SOURCES[source.__name__.lower()] = source
    return source
