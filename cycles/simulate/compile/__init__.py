"""From the syntax tree of a module to the instructions that matter to its import."""
