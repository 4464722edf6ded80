"""The prompts of the chat agent."""

ROOT = """
    You help people to understand how their product is used.
    {context}
"""
PLANNER = """
    Plan an insight step by step.
    {context}
"""
GENERATOR = """
    Write the query for this plan.
    {context}
"""
