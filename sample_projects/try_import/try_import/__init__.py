"""A cycle through an import that is allowed to fail."""
