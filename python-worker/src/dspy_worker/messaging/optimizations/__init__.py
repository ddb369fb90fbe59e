"""Optimisations as leased work."""
