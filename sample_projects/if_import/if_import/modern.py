"""Settings for a Python that has `tomllib`."""

import tomllib

from if_import import paths

TEXT = 'home = "/srv"'


def read(key: str) -> str:
    """Return one setting."""
    return str(tomllib.loads(TEXT)[key])


def where() -> str:
    """Return the file that the settings belong to."""
    return f"{paths.home()}/settings.toml"
