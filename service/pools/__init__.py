"""A shared pool, divided among those who consumed it: where it comes from, what it is divided by, how it compares."""
