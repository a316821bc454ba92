"""Partsmith's model of shapes, edits and networks: runs with no Qt and no display."""
