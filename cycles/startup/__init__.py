"""What importing an application loads, what holds it there, and the fewest statements to defer."""
