"""Where the power comes from: the supply tree, its loads and its losses."""
