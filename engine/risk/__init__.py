"""What is not known exactly: distributions, samples that repeat, and what they say."""
