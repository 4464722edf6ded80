"""An Analysis in; DOT, SVG, a matrix, Mermaid and Markdown out: functions to a string."""
