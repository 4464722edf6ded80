"""Say what a change makes worse: the cycles of packages now, beside those before (nothing, a revision, a baseline)."""
