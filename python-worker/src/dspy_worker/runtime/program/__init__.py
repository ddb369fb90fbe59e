"""Programs made of specifications, and the outputs that they promise."""
