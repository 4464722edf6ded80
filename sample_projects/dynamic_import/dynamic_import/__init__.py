"""Four cycles, each closed by an import that is a call with a literal name."""
