"""Background work of the product."""
