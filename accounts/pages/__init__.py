"""Pages about oneself, one's colleagues, and what was done."""
