"""The prompts of the research agent."""

QUESTIONS = ("Who uses {topic}?", "Since when?", "What changed?")
