"""Imports → the three graphs → their components."""
