"""A cycle through an import that depends on the Python version."""
