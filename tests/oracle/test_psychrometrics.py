"""Moist air against PsychroLib: wet bulb, dew point and the rest of a state."""

import numpy as np
import psychrolib
import pytest

from engine.climate import psychrometrics as air
from engine.climate.wet_bulb import wet_bulb_from_dew_point_c

# PsychroLib halves its bracket down to this.
TOLERANCE_K = 1e-3
psychrolib.SetUnitSystem(psychrolib.SI)


def states(count, seed):
    random = np.random.default_rng(seed)
    dry = random.uniform(-30.0, 48.0, count)
    dew = dry - random.exponential(6.0, count)
    return dry, dew, random.uniform(65_000.0, 105_000.0, count)


@pytest.mark.parametrize("seed", range(5))
def test_wet_bulb(seed):
    dry, dew, pressure = states(2_000, seed)

    own = wet_bulb_from_dew_point_c(dry, dew, pressure)

    theirs = np.array(
        [
            psychrolib.GetTWetBulbFromTDewPoint(float(t), float(d), float(p))
            for t, d, p in zip(dry, dew, pressure, strict=True)
        ]
    )
    # Within a kelvin of freezing there is an answer over ice and one over water.
    clear = np.abs(theirs) > 1.0
    assert clear.sum() > 1_800
    assert np.abs(own - theirs)[clear].max() < TOLERANCE_K


def test_saturation_dew_point_and_pressure():
    temps = np.linspace(-60.0, 90.0, 301)
    heights = np.linspace(-400.0, 5_000.0, 28)

    own = air.saturation_pressure_pa(temps)

    theirs = np.array([psychrolib.GetSatVapPres(float(t)) for t in temps])
    assert np.abs(own / theirs - 1.0).max() < 1e-12
    clear = np.abs(temps) > 0.02
    assert np.abs(air.dew_point_c(theirs) - temps)[clear].max() < 1e-6
    standard = np.array([psychrolib.GetStandardAtmPressure(float(z)) for z in heights])
    assert np.abs(air.pressure_at_elevation_pa(heights) / standard - 1.0).max() < 1e-12


def test_enthalpy_and_volume():
    dry, dew, pressure = states(500, 9)
    ratio = air.saturation_humidity_ratio(dew, pressure)

    enthalpy = [
        psychrolib.GetMoistAirEnthalpy(float(t), float(w)) for t, w in zip(dry, ratio, strict=True)
    ]
    volume = [
        psychrolib.GetMoistAirVolume(float(t), float(w), float(p))
        for t, w, p in zip(dry, ratio, pressure, strict=True)
    ]

    assert air.enthalpy_j_kg(dry, ratio) == pytest.approx(enthalpy, rel=1e-9)
    assert air.specific_volume_m3_kg(dry, ratio, pressure) == pytest.approx(volume, rel=1e-6)
