"""The models and how much they can read."""

CONTEXT_WINDOW = {"small": 8_000, "large": 200_000}
DEFAULT = "large"
