"""From notes to frames, and frames as files: arrays begin here."""
