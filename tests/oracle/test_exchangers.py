"""Effectiveness and transfer units against ht."""

import numpy as np
import pytest
from ht import NTU_from_effectiveness, effectiveness_from_NTU

from engine.cooling.exchangers import effectiveness, transfer_units

SUBTYPES = {
    "counterflow": "counterflow",
    "crossflow": "crossflow approximate",
    "crossflow_mixed_max": "crossflow, mixed Cmax",
    "crossflow_mixed_min": "crossflow, mixed Cmin",
}
UNITS = np.geomspace(0.01, 20.0, 25)
RATIOS = (0.05, 0.3, 0.65, 0.9, 1.0)


@pytest.mark.parametrize("arrangement", SUBTYPES)
def test_effectiveness(arrangement):
    for ratio in RATIOS:
        theirs = [
            effectiveness_from_NTU(NTU=n, Cr=ratio, subtype=SUBTYPES[arrangement]) for n in UNITS
        ]
        assert effectiveness(UNITS, ratio, arrangement) == pytest.approx(theirs, rel=1e-9)


def test_transfer_units_of_counterflow():
    for ratio in RATIOS:
        effects = np.linspace(0.05, 0.9, 12)
        theirs = [
            NTU_from_effectiveness(effectiveness=e, Cr=ratio, subtype="counterflow")
            for e in effects
        ]
        assert transfer_units(effects, ratio) == pytest.approx(theirs, rel=1e-9)
