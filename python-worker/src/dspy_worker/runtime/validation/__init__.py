"""Checks strictly whether values are of the types of fields, and reads them after the mending that they need."""
