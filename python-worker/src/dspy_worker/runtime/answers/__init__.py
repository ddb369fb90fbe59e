"""Reads what models answer, also when the form is not quite right. Knows no model and makes no call."""
