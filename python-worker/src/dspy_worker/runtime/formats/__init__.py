"""The forms in which a model is asked, as adapters of DSPy."""
