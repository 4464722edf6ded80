"""The twelve months, each of which knows the next: a ring."""
