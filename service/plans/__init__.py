"""Estimates of one kind of workload, worked out once: the same arithmetic as a straight line of operations."""
