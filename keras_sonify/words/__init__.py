"""The same in plain sentences."""
