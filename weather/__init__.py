"""Hours of weather: a file that somebody uploads, or one of the samples."""
