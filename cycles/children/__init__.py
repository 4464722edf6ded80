"""Child processes that run the user's code, on request only: first imports really made, and what imports cost."""
