"""What a token costs: capex, opex, finance, and the sum of its parts."""
