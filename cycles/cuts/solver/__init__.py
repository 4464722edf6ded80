"""Prove the smallest set of cuts that leaves no cycle."""
