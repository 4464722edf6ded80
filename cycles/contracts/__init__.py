"""The import-linter contracts that forbid import cycles, or heavy start-ups, and what generates them for a package."""
