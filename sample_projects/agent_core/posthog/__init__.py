"""The product around the agent."""
