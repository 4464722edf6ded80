"""An Analysis in; text or JSON out: pure functions to a string."""
