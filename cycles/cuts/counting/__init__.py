"""Count the simple cycles of a component exactly, without listing them."""
