"""Several models for one execution: asked at the same time, and one of their answers taken."""
