"""Many workloads at once: what they share, by what they are grouped, and what they sum to."""
