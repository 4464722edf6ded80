"""Make the steps of a plan as patches: edited in memory, tidied, checked, and only then written."""
