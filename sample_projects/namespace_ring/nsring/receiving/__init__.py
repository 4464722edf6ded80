"""The receiving half."""
