"""What the whole site draws, and how much of it computes."""
