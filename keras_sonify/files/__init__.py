"""Where a run is kept: its WAV files, its table, its page."""
