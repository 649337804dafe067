"""To learn what training sounds like: runs, examples, and a quiz, all from a seed."""
