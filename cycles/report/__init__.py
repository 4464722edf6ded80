"""Say what was found: text for people, JSON for programs; functions from results to a string.

A module named after a command writes its text, and `…_json` its JSON. `…_words` has the sentences that several formats
share, `…_check` judges what was found for CI, and `…_markdown` writes comments on pull requests.
"""
