"""Things deep inside the outer package."""
