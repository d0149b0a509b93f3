"""A million billing rows as columns: few distinct contexts, looked up once, and the method's arithmetic on arrays.

PyArrow reads and writes. Polars is quicker at it, but took 0.9 GB of memory for a million rows, of 0.6 GB that are
allowed; only to copy them it takes 0.7 GB, as `python -m tests.bench.bulk` shows.
"""
