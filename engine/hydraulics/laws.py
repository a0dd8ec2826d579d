"""Head lost along each link as a function of its flow, with the exact slope."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.hydraulics.friction import LAMINAR_BELOW, factor_and_slope
from engine.hydraulics.network import Network
from engine.plant import Bools, Floats

# How much steeper than the network itself a link is beyond its limit or against its one way:
# the flow that still passes is this much smaller than the flows around it.
STEEP: Final = 1e9
# Slope below which Newton's step is held back, against that of the network.
LEAST: Final = 1e-6
ROUND_START_M_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """Coefficients of every link, one array per quantity, ready for the solver."""

    friction: Floats  # head over f Q^2
    fittings: Floats  # head over Q^2
    laminar: Floats  # head over Q
    reynolds: Floats  # Reynolds number over Q
    rough: Floats
    resistance: Floats
    exponent: Floats
    pump_0: Floats
    pump_1: Floats
    pump_2: Floats
    limit: Floats
    one_way: Bools
    start: Floats  # a first guess of the flow
    steep: float
    least: float


def laws_of(network: Network) -> Laws:
    """Coefficients of the links of a network.

    Parameters
    ----------
    network : Network
        Pipes, resistances and pumps.

    Returns
    -------
    Laws
        For `loss_and_slope`, with a first guess of each flow.

    Notes
    -----
    Definition. Pipes start at 1 m/s; what has no bore starts where it takes the head there is.
    """
    has_bore = network.bore_m > 0.0
    bore = np.where(has_bore, network.bore_m, 1.0)
    area = math.pi / 4.0 * bore**2
    per_square = 1.0 / (2.0 * network.gravity_m_s2 * area**2)
    friction = np.where(has_bore, network.length_m / bore * per_square, 0.0)
    reynolds = np.where(has_bore, bore / (area * network.kinematic_viscosity_m2_s), 0.0)
    fittings = np.where(has_bore, network.minor_k * per_square, 0.0)
    fixed = network.fixed_head_m[network.is_fixed]
    heads = [float(np.ptp(fixed))] if fixed.size else []
    driving = max([*heads, float(np.max(network.pump_0, initial=0.0))])
    start = _first_flows(network, np.where(has_bore, area * ROUND_START_M_S, 0.0), driving)
    laws = Laws(
        friction=friction,
        fittings=fittings,
        laminar=np.where(has_bore, 64.0 * friction / np.where(has_bore, reynolds, 1.0), 0.0),
        reynolds=reynolds,
        rough=np.where(has_bore, network.roughness_m / bore, 0.0),
        resistance=network.resistance,
        exponent=network.exponent,
        pump_0=network.pump_0,
        pump_1=network.pump_1,
        pump_2=network.pump_2,
        limit=network.limit_m3_s,
        one_way=network.one_way,
        start=start,
        steep=0.0,
        least=0.0,
    )
    return _with_scales(laws, driving)


def _first_flows(network: Network, by_pipe: Floats, driving_m: float) -> Floats:
    wet = by_pipe > 0.0
    usual = float(by_pipe[wet].mean()) if wet.any() else 0.0
    if not usual:
        usual = float(np.abs(network.demand_m3_s).max(initial=0.0))
    head = driving_m or 1.0
    blocks = network.resistance > 0.0
    by_loss = (head / np.where(blocks, network.resistance, 1.0)) ** (1.0 / network.exponent)
    pumps = network.pump_0 > 0.0
    bends, slopes = network.pump_2 > 0.0, network.pump_1 > 0.0
    by_bend = np.sqrt(network.pump_0 / np.where(bends, 3.0 * network.pump_2, 1.0))
    by_slope = network.pump_0 / np.where(slopes, 2.0 * network.pump_1, 1.0)
    by_pump = np.where(bends, by_bend, np.where(slopes, by_slope, usual))
    flow = np.where(wet, by_pipe, np.where(blocks, by_loss, np.where(pumps, by_pump, usual)))
    flow = np.where(flow > 0.0, flow, 1.0)
    return np.minimum(flow, network.limit_m3_s)


def _with_scales(laws: Laws, driving_m: float) -> Laws:
    if not laws.start.size:
        return laws
    head = driving_m
    if not head:
        loss, _ = loss_and_slope(laws, laws.start)
        head = float(np.mean(np.abs(loss)))
    scale = head / float(np.mean(laws.start))
    return replace(laws, steep=STEEP * scale, least=LEAST * scale)


def loss_and_slope(laws: Laws, flow: Floats) -> tuple[Floats, Floats]:
    r"""Head lost along each link and its derivative by flow.

    Parameters
    ----------
    laws : Laws
        Coefficients.
    flow : array, shape (n_links,)
        Flow, positive from start to end. [m3/s]

    Returns
    -------
    tuple of array, shape (n_links,)
        Loss, odd in the flow but for pumps and valves [m], and slope, >= 0 [m/(m3/s)].

    Notes
    -----
    :math:`h = (f L/D + K)\,Q|Q|/(2 g A^2) + r\,Q|Q|^{n-1} - (h_0 - h_1 Q - h_2 Q|Q|)` [1]_, and
    beyond a limit or against a check valve a steep straight line. The slope holds
    :math:`df/dQ` too.

    References
    ----------
    .. [1] E. Todini and S. Pilati, "A gradient algorithm for the analysis of pipe networks",
       in Computer Applications in Water Supply, vol. 1, Wiley, 1988, pp. 1-20.
    """
    size = np.abs(flow)
    re = np.maximum(laws.reynolds * size, 1.0)
    factor, bend = factor_and_slope(re, laws.rough)
    laminar = re < LAMINAR_BELOW
    rubbing = np.where(laminar, laws.laminar * size, laws.friction * factor * size**2)
    rubbing_slope = np.where(laminar, laws.laminar, laws.friction * factor * size * (2.0 + bend))
    power = laws.resistance * size ** (laws.exponent - 1.0)
    loss = (
        np.sign(flow) * (rubbing + (laws.fittings + laws.pump_2) * size**2 + power * size)
        - laws.pump_0
        + laws.pump_1 * flow
    )
    slope = (
        rubbing_slope
        + 2.0 * (laws.fittings + laws.pump_2) * size
        + laws.exponent * power
        + laws.pump_1
    )
    over = np.maximum(flow - laws.limit, 0.0)
    against = np.where(laws.one_way, np.minimum(flow, 0.0), 0.0)
    loss = loss + laws.steep * (over + against)
    slope = slope + laws.steep * ((over > 0.0) | (against < 0.0))
    return loss, slope
