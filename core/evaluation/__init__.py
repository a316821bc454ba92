"""Measures of reconstruction and generation."""
