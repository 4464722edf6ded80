"""The simulated interpreter: modules as they fill, and what instructions do to them."""
