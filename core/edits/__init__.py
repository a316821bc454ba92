"""Edits as values (requests) and the engine that turns a request into a result."""
