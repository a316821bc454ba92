"""From an occupancy field to a labelled, watertight mesh, and to files and pictures of it."""
