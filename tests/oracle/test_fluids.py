"""Coolant fits against CoolProp, over the range that they claim.

CoolProp's incompressible "MPG" is by mass (Melinder), "APG" by volume (ASHRAE). The allowed
differences are those that the docstring of the fits states.
"""

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI

from engine.cooling.coolants import MAX_C, MIN_C, coolant_at

FLUIDS = {
    "pg25_mass": "INCOMP::MPG[0.25]",
    "pg25_volume": "INCOMP::APG[0.25]",
    "water": "Water",
}
ALLOWED = {
    "pg25_mass": {"D": 2.5e-4, "C": 1e-4, "V": 1e-6, "L": 2.5e-4},
    "pg25_volume": {"D": 1e-5, "C": 2e-5, "V": 1e-5, "L": 2e-5},
    "water": {"D": 2e-4, "C": 6e-4, "V": 1e-3, "L": 2.1e-3},
}


@pytest.mark.parametrize("name", FLUIDS)
@pytest.mark.parametrize("quantity", ["D", "C", "V", "L"])
def test_coolant_property(name, quantity):
    temps = np.linspace(MIN_C, MAX_C, 71)
    states = [coolant_at(name, float(t)) for t in temps]
    own = {
        "D": [s.density_kg_m3 for s in states],
        "C": [1000.0 * s.heat_capacity_kj_kg_k for s in states],
        "V": [s.viscosity_pa_s for s in states],
        "L": [s.conductivity_w_m_k for s in states],
    }[quantity]

    theirs = PropsSI(quantity, "T", temps + 273.15, "P", np.full(71, 3e5), FLUIDS[name])

    assert np.max(np.abs(np.array(own) / theirs - 1.0)) < ALLOWED[name][quantity]
