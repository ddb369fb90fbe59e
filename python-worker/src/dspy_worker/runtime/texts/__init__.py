"""Reads what is written in texts: words within marks, JSON that is not quite right, lists with bullets."""
