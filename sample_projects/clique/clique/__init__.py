"""Four modules, each of which imports the three others: 20 cycles."""
