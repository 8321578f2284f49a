"""Figures beside a peer in the same run: `python -m tests.benchmarks`. No test asserts a time."""
