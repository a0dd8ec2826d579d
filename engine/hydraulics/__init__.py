"""Flow in pipes: friction, networks, pumps, valves, pipe sizes and what the pipes hold."""
