"""Dock panels."""
