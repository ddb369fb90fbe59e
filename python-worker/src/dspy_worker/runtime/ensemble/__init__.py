"""Several models for one execution: asked at the same time or in turn, and one of their answers taken."""
