"""Published SALAD and SPAGHETTI checkpoints: read as hostile files, in a process of their own; converted."""
