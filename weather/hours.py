"""From what a weather file holds to a year of hours. Pure."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.climate.psychrometrics import pressure_at_elevation_pa
from engine.climate.weather import WeatherYear, from_stamps


def year_of(read: Mapping[str, Any]) -> WeatherYear:
    """The year that a file's lines make.

    A file without any pressure takes that of the standard atmosphere at its height.

    Raises
    ------
    WeatherInvalid
        If hours are missing, stand twice or are impossible; the message names them.
    """
    dry, dew, pressure = (
        np.array(read[name], dtype=np.float64)
        for name in ("dry_bulb_c", "dew_point_c", "pressure_pa")
    )
    if not np.isfinite(pressure).any():
        pressure = np.full(len(dry), float(pressure_at_elevation_pa(read["elevation_m"])))
    return from_stamps(
        read["name"],
        read["stamps"],
        (dry, dew, pressure),
        elevation_m=read["elevation_m"],
        latitude_deg=read["latitude_deg"],
        longitude_deg=read["longitude_deg"],
        source=read["source"],
    )
