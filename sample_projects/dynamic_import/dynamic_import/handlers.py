"""Handlers, which enter themselves into the loader's table."""

from dynamic_import import loader

loader.HANDLERS["upper"] = str.upper
loader.HANDLERS["title"] = str.title
