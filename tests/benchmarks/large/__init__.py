"""Search over many documents, measured: `python -m tests.benchmarks.large` (`make bench`).

Invariant: the same documents and questions in every run; nothing is asserted about time.
"""
