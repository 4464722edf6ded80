"""Draw components: SVG diagrams and matrices, DOT, Mermaid, Markdown and an HTML page, each as a string."""
