"""An agent that answers from several sources. Starting it takes long: see docs/startup.md."""
