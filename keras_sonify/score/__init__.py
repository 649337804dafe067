"""What sounds when: notes, in plain numbers. Arrays begin in the next room."""
