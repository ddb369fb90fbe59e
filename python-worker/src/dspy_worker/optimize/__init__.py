"""Improves programs with DSPy's optimisers."""
