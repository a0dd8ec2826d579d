"""What is asked of the GPUs, and how much of what they could give is sold."""

from dataclasses import dataclass
from typing import Final

from engine.assumptions import Assumptions
from engine.errors import OutOfRange
from engine.evaluation import ComputeFactor, Input
from engine.plant import Site
from engine.provenance import cited, stated
from engine.ranges import bounded
from engine.tables import gpu_systems
from engine.tokens.throughput import Serving

DEFAULT_MODEL: Final = "deepseek-r1"
# The model with measured points on most systems.


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The workload with every field settled; precision None means each GPU's own best."""

    model: str
    precision: str | None
    isl: int
    osl: int
    tok_s_user: float
    prefix_hit: float
    inputs: tuple[Input, ...]

    def on(self, gpu: str) -> Serving:
        """The key of this workload's frontier on a GPU."""
        precision = self.precision
        if precision is None:
            system = gpu_systems().get(gpu)
            precision = "fp4" if system is not None and system.fp4_tflops > 0.0 else "fp8"
        return Serving(
            gpu=gpu,
            model=self.model,
            precision=precision,
            isl=self.isl,
            osl=self.osl,
            prefix_hit=self.prefix_hit,
        )


def served(site: Site, assumptions: Assumptions) -> Served:
    """The workload of a design, defaults filled in from the assumption lines.

    Parameters
    ----------
    site : Site
        The workload of the design.
    assumptions : Assumptions
        Lines ``workload.*``.

    Returns
    -------
    Served
        With the origin of every field.

    Raises
    ------
    OutOfRange
        If a length or the speed is not positive, or the hits are no fraction.

    Notes
    -----
    Definition.
    """
    asked = site.workload
    inputs = [stated("model", asked.model or DEFAULT_MODEL)]
    numbers: dict[str, float] = {}
    for name in ("isl", "osl", "interactivity_tok_s_user", "prefix_hit_fraction"):
        own: float | None = getattr(asked, name)
        line = f"workload.{name}"
        numbers[name] = float(assumptions.value(line) if own is None else own)
        inputs += (
            cited(assumptions, line)
            if own is None
            else (stated(name, own, assumptions[line].unit),)
        )
    for name in ("isl", "osl", "interactivity_tok_s_user"):
        if numbers[name] <= 0.0:
            raise OutOfRange(f"The workload's {name} must be positive.", field=name)
    if not 0.0 <= numbers["prefix_hit_fraction"] < 1.0:
        raise OutOfRange("The prefix hits must be a fraction below 1.", field="prefix_hit_fraction")
    if asked.precision is not None:
        inputs.append(stated("precision", asked.precision))
    return Served(
        model=asked.model or DEFAULT_MODEL,
        precision=asked.precision,
        isl=int(numbers["isl"]),
        osl=int(numbers["osl"]),
        tok_s_user=numbers["interactivity_tok_s_user"],
        prefix_hit=numbers["prefix_hit_fraction"],
        inputs=tuple(inputs),
    )


def concurrency(output_tok_s: float, osl: float, ttft_s: float, tok_s_user: float) -> float:
    r"""Requests in flight at an output rate.

    Parameters
    ----------
    output_tok_s : float
        Output tokens per second of all users. [tok/s]
    osl : float
        Output length, > 0. [tok]
    ttft_s : float
        Time to the first token. [s]
    tok_s_user : float
        Output tokens per second of one user, > 0. [tok/s]

    Returns
    -------
    float
        Requests in flight. [1]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Little's law [1]_: :math:`N = X\,(TTFT/OSL + TPOT)`.

    References
    ----------
    .. [1] J. D. C. Little, "A proof for the queuing formula L = λW," Oper. Res.,
       vol. 9, no. 3, pp. 383-387, 1961, doi:10.1287/opre.9.3.383.
    """
    bounded("The output length", osl, 0.0, above_low=True, unit="tok")
    bounded("The speed per user", tok_s_user, 0.0, above_low=True, unit="tok/s")
    return output_tok_s * (ttft_s / osl + 1.0 / tok_s_user)


def utilisation_chain(
    site: Site, nameplate_tok_s: float, assumptions: Assumptions
) -> tuple[ComputeFactor, ...]:
    """From what the GPUs could give to what is sold, factor by factor.

    Parameters
    ----------
    site : Site
        Utilisation and the heat load.
    nameplate_tok_s : float
        All tokens per second at the speed asked for. [tok/s]
    assumptions : Assumptions
        Lines ``ops.*`` for factors that the design leaves open.

    Returns
    -------
    tuple of ComputeFactor
        The first is the nameplate, the last what is sold.

    Raises
    ------
    OutOfRange
        If a factor lies outside 0 to 1.

    Notes
    -----
    Definition. A product; order does not change its end.
    """
    steps = [ComputeFactor(factor="nameplate", value=1.0, tokens_per_s=nameplate_tok_s)]
    for factor, value, _ in utilisation_factors(site, assumptions):
        if not 0.0 <= value <= 1.0:
            raise OutOfRange("A utilisation factor must lie between 0 and 1.", factor=factor)
        steps.append(
            ComputeFactor(factor=factor, value=value, tokens_per_s=steps[-1].tokens_per_s * value)
        )
    return tuple(steps)


def utilisation_factors(
    site: Site, assumptions: Assumptions
) -> tuple[tuple[str, float, Input], ...]:
    """Name, value and origin of each factor of the chain.

    Notes
    -----
    Definition. The design's own value, else the assumption line.
    """
    own = site.utilisation
    lines = (
        ("slo", own.slo_fraction, "ops.peak_headroom"),
        ("derate", own.derate_fraction, "ops.bench_to_prod"),
        ("availability", own.availability_fraction, "ops.availability_fleet"),
        ("goodput", own.goodput_fraction, "ops.inference_goodput"),
        ("load_factor", own.load_factor_fraction, "ops.load_factor_interactive"),
    )
    factors = [
        (name, assumptions.value(line), cited(assumptions, line)[0])
        if value is None
        else (name, value, stated(name, value))
        for name, value, line in lines
    ]
    heat = min(site.heat_load_fraction, 1.0)
    if heat < 1.0:
        factors.insert(0, ("heat_load", heat, stated("heat_load_fraction", heat)))
    return tuple(factors)
