"""An Analysis in; an import-linter contract that drives or locks it, out; and the contract type that it names."""
