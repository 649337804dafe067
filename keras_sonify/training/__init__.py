"""What happened in a training: values, epochs, events. No sound, no NumPy."""
