"""Timings of what a person waits for, in the real window with the real engine. Never a pass/fail test."""
