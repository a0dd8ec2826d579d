"""The air outside: its state, the year of a place, and what facility water it allows."""
