"""Benchmarks on real processes: `python -m bench` lists and plays all, `python -m bench NAME...` some.

Each prints a small table and leaves nothing behind. What counts are ratios within one invocation: a machine
that is busy or slow is so for both sides.
"""
