"""A year of weather for tests: a season, a day and a night, and a wind from somewhere else."""

from functools import lru_cache

import numpy as np

from engine.climate.weather import weather_year


@lru_cache(maxsize=8)
def synthetic_year(mean_c=14.0, season_k=10.0, day_k=5.0):
    """A temperate year, the same each time; warm days reach about 35 °C."""
    hours = np.arange(8760)
    noise = np.convolve(
        np.random.default_rng(7).normal(0.0, 1.0, 8760 + 71), np.ones(72) / 8.5, "valid"
    )
    dry = (
        mean_c
        - season_k * np.cos(2.0 * np.pi * (hours / 24.0 - 20.0) / 365.0)
        - day_k * np.cos(2.0 * np.pi * (hours % 24 - 4.0) / 24.0)
        + 2.5 * noise
    )
    dew = dry - 2.0 - 6.0 * (1.0 + np.sin(hours / 17.0)) * 0.5
    return weather_year("Test", dry, dew, 99_000.0, elevation_m=200.0)
