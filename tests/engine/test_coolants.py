import itertools

import numpy as np
import pytest

from engine.cooling.coolants import COOLANT_NAMES, MAX_C, MIN_C, coolant_at, coolant_table
from engine.errors import OutOfRange


@pytest.mark.parametrize("name", COOLANT_NAMES)
def test_properties_are_positive_and_viscosity_falls_with_temperature(name):
    states = [coolant_at(name, t) for t in np.linspace(MIN_C, MAX_C, 71)]

    assert all(s.density_kg_m3 > 950 and s.heat_capacity_kj_kg_k > 3.8 for s in states)
    assert all(a.viscosity_pa_s > b.viscosity_pa_s for a, b in itertools.pairwise(states))
    assert all(a.conductivity_w_m_k < b.conductivity_w_m_k for a, b in itertools.pairwise(states))


def test_glycol_by_volume_is_not_glycol_by_mass():
    by_volume, by_mass = coolant_at("pg25_volume", 20.0), coolant_at("pg25_mass", 20.0)

    assert by_volume.density_kg_m3 / by_mass.density_kg_m3 == pytest.approx(1.0045, abs=5e-4)


@pytest.mark.parametrize("temp_c", [4.9, 75.1, -10.0])
def test_outside_the_fit_is_refused(temp_c):
    with pytest.raises(OutOfRange):
        coolant_at("water", temp_c)


@pytest.mark.parametrize("name", COOLANT_NAMES)
def test_many_temperatures_give_what_each_gives(name):
    temps = np.linspace(MIN_C, MAX_C, 15)

    table = coolant_table(name, temps)

    for i, temp in enumerate(temps):
        one = coolant_at(name, float(temp))
        assert table.density_kg_m3[i] == pytest.approx(one.density_kg_m3, rel=1e-14)
        assert table.viscosity_pa_s[i] == pytest.approx(one.viscosity_pa_s, rel=1e-12)
        assert one.freezing_c + 3.0 < temp


def test_a_temperature_beyond_the_fits_is_refused_among_many():
    with pytest.raises(OutOfRange):
        coolant_table("water", [20.0, 80.0])
