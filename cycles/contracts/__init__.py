"""The import-linter contract that forbids import cycles between modules, and what generates one for a package."""
