"""Two cycles through `lazy` imports (Python 3.15); one name is used at once, the other late."""
