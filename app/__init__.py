"""The Qt window: projections of (scene, selection, running job)."""
