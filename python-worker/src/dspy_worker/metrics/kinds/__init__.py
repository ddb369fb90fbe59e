"""The kinds of metrics."""
