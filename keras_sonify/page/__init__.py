"""What is seen: the run's page `index.html`, its curves, and the live board."""
