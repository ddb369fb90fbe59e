"""The work queue: pulling from its lanes, and what a message in it says."""
