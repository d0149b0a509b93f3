"""What is told of a running service: which request is being answered, its trace, lines of the log."""
