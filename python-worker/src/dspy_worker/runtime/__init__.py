"""Runs programs with DSPy. Knows nothing of NATS."""
