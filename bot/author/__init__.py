"""The author's tools over the core."""
