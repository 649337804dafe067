"""Where a run is heard now: who plays, and the queue to them."""
