"""What Plenum promises about speed, measured: both sides of each ratio in one run."""
