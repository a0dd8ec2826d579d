"""Where things stand: geometry, rows, clearances, floor load, power density."""
