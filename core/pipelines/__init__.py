"""Sampling tasks, one pipeline each; every `__call__` shows the whole sampling loop."""
