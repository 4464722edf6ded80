"""Say what a change makes worse: the cycles of packages now, and before (nothing, a revision, a baseline)."""
