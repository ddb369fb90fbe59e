"""One small adapter for each optimiser of DSPy."""
