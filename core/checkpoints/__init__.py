"""Checkpoint folders: loading, saving, the catalog."""
