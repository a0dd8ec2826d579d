"""What is left when something fails."""
