"""A cycle through an import that stands in the body of a class."""
