"""Where the heat goes: coolants, loops, air, heat rejection."""
