"""Small economics of a fleet: a day of serving, a prompt, an hour that pays back, a gigawatt."""

from dataclasses import dataclass

from engine.cost.finance import (
    HOURS_PER_YEAR,
    SECONDS_PER_HOUR,
    TOKENS_PER_MTOK,
    usd_per_mtok,
)
from engine.errors import OutOfRange
from engine.ranges import bounded

KW_PER_GW = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensByClass:
    """Tokens of a period, by what is paid for them."""

    fresh_input_tok: float
    cached_input_tok: float
    output_tok: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Price of a million tokens of each class. [USD/Mtok]"""

    fresh_input_usd_per_mtok: float
    cached_input_usd_per_mtok: float
    output_usd_per_mtok: float


def fleet_usd(mean_gpus: float, usd_per_gpu_h: float, hours: float) -> float:
    """Cost of a fleet over some hours.

    Parameters
    ----------
    mean_gpus : float
        GPUs in use on average.
    usd_per_gpu_h : float
        Cost of a GPU-hour. [USD/GPU-h]
    hours : float
        Period. [h]

    Returns
    -------
    float
        Cost. [USD]

    Notes
    -----
    Definition.
    """
    return mean_gpus * usd_per_gpu_h * hours


def revenue_usd(sold: TokensByClass, prices: Prices) -> float:
    """What tokens bring at a price list.

    Parameters
    ----------
    sold : TokensByClass
        Tokens. [tok]
    prices : Prices
        By class. [USD/Mtok]

    Returns
    -------
    float
        Revenue. [USD]

    Notes
    -----
    Definition. Every class at its own price.
    """
    return (
        sold.fresh_input_tok * prices.fresh_input_usd_per_mtok
        + sold.cached_input_tok * prices.cached_input_usd_per_mtok
        + sold.output_tok * prices.output_usd_per_mtok
    ) / TOKENS_PER_MTOK


def margin_on_cost(revenue: float, cost: float) -> float:
    """Profit over cost.

    Parameters
    ----------
    revenue, cost : float
        Of the same period, cost > 0. [USD]

    Returns
    -------
    float
        Profit over cost; over revenue it is another figure, see `margin_on_revenue`. [1]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition.
    """
    bounded("The cost", cost, 0.0, above_low=True, unit="USD")
    return revenue / cost - 1.0


def margin_on_revenue(revenue: float, cost: float) -> float:
    """Profit over revenue.

    Parameters
    ----------
    revenue, cost : float
        Of the same period, revenue > 0. [USD]

    Returns
    -------
    float
        Profit over revenue. [1]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition.
    """
    bounded("The revenue", revenue, 0.0, above_low=True, unit="USD")
    return 1.0 - cost / revenue


def gpus_for_requests(peak_requests_per_s: float, requests_per_s_per_gpu: float) -> float:
    """GPUs that a peak of requests needs, not rounded.

    Parameters
    ----------
    peak_requests_per_s, requests_per_s_per_gpu : float
        Demand, and what one GPU serves, > 0. [1/s]

    Returns
    -------
    float
        GPUs. [GPU]

    Raises
    ------
    OutOfRange
        If a GPU serves nothing.

    Notes
    -----
    Definition.
    """
    if requests_per_s_per_gpu <= 0.0:
        raise OutOfRange("A GPU must serve more than nothing.")
    return peak_requests_per_s / requests_per_s_per_gpu


def usd_per_thousand_requests(usd_per_year: float, requests_per_s: float) -> float:
    """Cost of a thousand requests.

    Parameters
    ----------
    usd_per_year : float
        Cost of a year. [USD/yr]
    requests_per_s : float
        Mean rate, > 0. [1/s]

    Returns
    -------
    float
        Cost. [USD]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. A year of 8,760 hours.
    """
    bounded("The rate of requests", requests_per_s, 0.0, above_low=True, unit="1/s")
    return 1000.0 * usd_per_year / (requests_per_s * HOURS_PER_YEAR * SECONDS_PER_HOUR)


def split_by_price(
    usd_per_request: float, isl: float, osl: float, output_over_input: float
) -> tuple[float, float]:
    r"""Cost of input and output tokens when output is so many times as dear as input.

    Parameters
    ----------
    usd_per_request : float
        Cost of one request. [USD]
    isl, osl : float
        Input and output of one. [tok]
    output_over_input : float
        Ratio of the prices, > 0. [1]

    Returns
    -------
    tuple of float
        Input and output. [USD/Mtok]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. :math:`c = p\,(ISL + r\,OSL)`: both together pay the request.
    """
    bounded("The input length", isl, 0.0, above_low=True, unit="tok")
    bounded("The output length", osl, 0.0, above_low=True, unit="tok")
    bounded("The ratio of prices", output_over_input, 0.0, above_low=True)
    per_input = usd_per_request / (isl + output_over_input * osl)
    return per_input * TOKENS_PER_MTOK, per_input * output_over_input * TOKENS_PER_MTOK


def split_by_time(
    usd_per_request: float,
    isl: float,
    osl: float,
    prefill_share: float,
    *,
    prefix_hit: float = 0.0,
    cached_over_fresh: float = 0.0,
) -> tuple[float, float, float]:
    r"""Cost of fresh input, cached input and output tokens by the GPU-time each takes.

    Parameters
    ----------
    usd_per_request : float
        Cost of one request. [USD]
    isl, osl : float
        Input and output of one, > 0. [tok]
    prefill_share : float
        Share of the GPU-time that reading the input takes, 0 to 1. [1]
    prefix_hit : float
        Share of the input found in the prefix cache, 0 to below 1. [1]
    cached_over_fresh : float
        Cost of a cached input token over a fresh one. [1]

    Returns
    -------
    tuple of float
        Fresh input, cached input, output. [USD/Mtok]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. All three together pay the request.
    """
    bounded("The input length", isl, 0.0, above_low=True, unit="tok")
    bounded("The output length", osl, 0.0, above_low=True, unit="tok")
    bounded("The share of prefill", prefill_share, 0.0, 1.0)
    bounded("The share of prefix hits", prefix_hit, 0.0, 1.0)
    weight = isl * (1.0 - prefix_hit + prefix_hit * cached_over_fresh)
    fresh = usd_per_request * prefill_share / weight
    output = usd_per_request * (1.0 - prefill_share) / osl
    return (
        fresh * TOKENS_PER_MTOK,
        fresh * cached_over_fresh * TOKENS_PER_MTOK,
        output * TOKENS_PER_MTOK,
    )


def split_by_pools(
    usd_per_gpu_h: float,
    prefill_tok_s_per_gpu: float,
    decode_tok_s_per_gpu: float,
    *,
    prefix_hit: float = 0.0,
    cached_over_fresh: float = 0.0,
) -> tuple[float, float, float]:
    r"""Cost of input, cached input and output tokens when two pools serve them.

    Parameters
    ----------
    usd_per_gpu_h : float
        Cost of a GPU-hour of either pool. [USD/GPU-h]
    prefill_tok_s_per_gpu : float
        Input tokens of one prefill GPU, > 0. [tok/s]
    decode_tok_s_per_gpu : float
        Output tokens of one decode GPU, > 0. [tok/s]
    prefix_hit : float
        Share of the input found in the prefix cache, 0 to 1. [1]
    cached_over_fresh : float
        Cost of a cached input token over that of an input token. [1]

    Returns
    -------
    tuple of float
        Input as it comes, hits and all; cached input; output. [USD/Mtok]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. :math:`C_{in} = 10^6 c_h (1-h)/(3600\,x_p)`, :math:`C_{out} = 10^6 c_h/
    (3600\,x_d)`; where one pool does both, see `split_by_time`.
    """
    bounded("The share of prefix hits", prefix_hit, 0.0, 1.0)
    per_input = (1.0 - prefix_hit) * usd_per_mtok(usd_per_gpu_h, prefill_tok_s_per_gpu)
    return (
        per_input,
        cached_over_fresh * per_input,
        usd_per_mtok(usd_per_gpu_h, decode_tok_s_per_gpu),
    )


def racks_per_gw(usd_per_gw: float, usd_per_rack: float) -> float:
    """Racks that the money for a gigawatt buys, each with its infrastructure.

    Parameters
    ----------
    usd_per_gw : float
        All of the capital. [USD/GW]
    usd_per_rack : float
        Rack with its share of everything, > 0. [USD]

    Returns
    -------
    float
        Racks. [1/GW]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition.
    """
    bounded("The price of a rack", usd_per_rack, 0.0, above_low=True, unit="USD")
    return usd_per_gw / usd_per_rack


def facility_kw_per_rack(racks: float, gw: float = 1.0) -> float:
    """Site power of one rack.

    Parameters
    ----------
    racks : float
        Racks, > 0.
    gw : float
        Site power. [GW]

    Returns
    -------
    float
        Power at the site's boundary. [kW]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition.
    """
    bounded("The number of racks", racks, 0.0, above_low=True)
    return gw * KW_PER_GW / racks


def optics_mw(gpus: float, transceivers_per_gpu: float, watts: float) -> float:
    """Power of the optics of a fabric.

    Parameters
    ----------
    gpus : float
        GPUs on the fabric.
    transceivers_per_gpu : float
        Ends of links per GPU over all tiers.
    watts : float
        Of one end. [W]

    Returns
    -------
    float
        IT power. [MW]

    Notes
    -----
    Definition.
    """
    return gpus * transceivers_per_gpu * watts / 1e6


def payback_usd_per_gpu_h(gpu_usd: float, payback_years: float, opex_share: float) -> float:
    """Price of an hour that pays a GPU back in time.

    Parameters
    ----------
    gpu_usd : float
        Price of one GPU with its share of the system. [USD]
    payback_years : float
        Time to pay it back, > 0. [yr]
    opex_share : float
        Running cost over the capital charge. [1]

    Returns
    -------
    float
        Price of a GPU-hour. [USD/GPU-h]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. Straight line, every hour sold.
    """
    bounded("The time to pay back", payback_years, 0.0, above_low=True, unit="yr")
    return gpu_usd * (1.0 + opex_share) / (payback_years * HOURS_PER_YEAR)


def prefill_usd_per_mtok_input(
    usd_per_gpu_h: float, active_params: float, flop_s_per_gpu: float, mfu: float
) -> float:
    r"""Cost of reading a million input tokens, bound by arithmetic.

    Parameters
    ----------
    usd_per_gpu_h : float
        Cost of a GPU-hour. [USD/GPU-h]
    active_params : float
        Parameters that one token passes through.
    flop_s_per_gpu : float
        Dense peak at the precision. [FLOP/s]
    mfu : float
        Share of the peak that is useful, (0, 1]. [1]

    Returns
    -------
    float
        Cost per million fresh input tokens. [USD/Mtok]

    Raises
    ------
    OutOfRange
        If the share does not lie above 0 and up to 1.

    Notes
    -----
    Definition. :math:`2P` operations per token; attention left out.
    """
    if not 0.0 < mfu <= 1.0:
        raise OutOfRange("MFU lies above 0 and up to 1.", mfu=mfu)
    tok_s = flop_s_per_gpu * mfu / (2.0 * active_params)
    return usd_per_gpu_h * TOKENS_PER_MTOK / (SECONDS_PER_HOUR * tok_s)
