"""Random radial feeders against pandapower's Newton, to 1e-6 of the voltage and of the loss."""

import warnings

import numpy as np
import pandapower as pp
import pytest

from engine.power.load_flow import dc_load_flow, radial_load_flow
from tests.engine.feeders import random_feeder

BUSES = (10, 40, 150, 600, 2000)


def newton(feeder):
    """Voltages and loss of the same feeder in pandapower; bus 0 is the slack."""
    net = pp.create_empty_network(sn_mva=1.0)
    count = len(feeder["parent"])
    pp.create_buses(net, count, vn_kv=feeder["nominal_v"] / 1000.0)
    pp.create_ext_grid(net, 0)
    ends = np.arange(1, count)
    pp.create_lines_from_parameters(
        net,
        feeder["parent"][1:],
        ends,
        length_km=1.0,
        r_ohm_per_km=feeder["resistance_ohm"][1:],
        x_ohm_per_km=feeder["reactance_ohm"][1:],
        c_nf_per_km=0.0,
        max_i_ka=1e3,
    )
    pp.create_loads(
        net, ends, p_mw=feeder["load_kw"][1:] / 1000.0, q_mvar=feeder["load_kvar"][1:] / 1000.0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pp.runpp(net, algorithm="nr", init="flat", tolerance_mva=1e-7, numba=False)
    return net.res_bus.vm_pu.to_numpy(), 1000.0 * net.res_line.pl_mw.sum()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("buses", BUSES)
def test_voltages_and_loss_agree(buses, seed):
    feeder = random_feeder(buses, seed, drop_pu=0.03 + 0.03 * seed)

    own = radial_load_flow(**feeder)
    voltage, loss_kw = newton(feeder)

    np.testing.assert_allclose(own.voltage_pu, voltage, rtol=0, atol=1e-6)
    assert own.total_loss_kw == pytest.approx(loss_kw, rel=1e-6)


def test_a_direct_current_feeder_agrees():
    """Resistive load flow of a feeder at unity power factor and no reactance is the same."""
    feeder = random_feeder(60, 5)
    feeder |= {"load_kvar": np.zeros(60), "reactance_ohm": np.zeros(60)}

    own = dc_load_flow(
        feeder["parent"],
        loop_resistance_ohm=feeder["resistance_ohm"],
        load_kw=feeder["load_kw"],
        nominal_v=feeder["nominal_v"],
    )
    # pandapower asks for some reactance; a millionth of the resistance moves nothing visible.
    voltage, loss_kw = newton(feeder | {"reactance_ohm": 1e-6 * feeder["resistance_ohm"] + 1e-9})

    np.testing.assert_allclose(own.voltage_pu, voltage, rtol=0, atol=1e-6)
    assert own.total_loss_kw == pytest.approx(loss_kw, rel=1e-6)
