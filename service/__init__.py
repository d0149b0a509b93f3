"""Dualscope: what an AI workload emits, in Scope 2 by both methods and in Scope 3.

model/       the vocabulary: what is sent, what comes back, what the store holds
method/      the formulas, pure functions on floats or columns
factors/     the factor store: CSV tables, SQLite, look-ups, importers
resolve      context → Resolved: which factors apply and how they matched
figures/     activity × Resolved → one figure each: value, range, grade, sources
estimate     the figures in the method's order → Emissions
plans/       the same worked out once for each kind of workload; estimator: the one door to both
formats/     foreign files → workloads, and maps; bulk/: bills as columns
pools/       a shared pool → exact parts of its consumers
batch/       many workloads → their sums
years/       two years beside each other; disclosures/: answers put together for a report
http/, app   the service; __main__ is the `dualscope` command
"""

__version__ = "0.1.0"
