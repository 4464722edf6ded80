"""What runs while modules are imported, and whose annotations are evaluated: found by following values."""
