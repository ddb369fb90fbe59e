"""Reads answers while they come in: which text, and which parts of values, are complete already."""
