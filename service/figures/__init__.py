"""Activity × Resolved → one figure each: its value, range, grade, place in the inventory and sources."""
