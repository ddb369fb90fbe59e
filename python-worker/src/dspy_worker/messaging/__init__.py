"""Speaks NATS: pulls jobs, brings outcomes, says that the worker lives. Knows nothing of DSPy."""
