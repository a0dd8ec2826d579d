"""What a plant holds in reserve: power, cooling and availability, worked out when asked for."""
