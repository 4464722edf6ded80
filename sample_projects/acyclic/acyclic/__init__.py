"""A package in layers: each module imports only from the layers below it."""
