"""Model calls of an execution: made, made again, counted, and told in the words of DSPy."""
