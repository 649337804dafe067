"""Live sound, at the training's end: who plays, and the queue to them."""
