"""Procedural shape families: programs, exact signed distance, part names, captions and samples."""
