"""Scenes as immutable values: shapes, parts, selection, picking and files (numpy only)."""
