"""A cycle of which one edge waits inside a function."""
