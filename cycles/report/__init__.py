"""Say what was found: text for people, JSON for programs; functions from results to a string."""
