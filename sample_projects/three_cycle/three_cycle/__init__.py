"""Orders, their invoices and the tax on them: three modules in a circle."""
