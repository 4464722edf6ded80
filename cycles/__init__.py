"""`cycles`: the truth about the import cycles of a Python package, and the way out of them."""

__version__ = "0.1.0"
