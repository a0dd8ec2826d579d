"""Samples that repeat: seeds by purpose, one stream per name, correlation by groups."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.risk.distributions import Distribution, normal_quantile

Method = Literal["latin", "random"]
DEFAULT_SAMPLES: Final = 10_000
MAX_SAMPLES: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Names that rise and fall together: same fluid, same vendor, same weather."""

    name: str
    members: tuple[str, ...]
    correlation: float  # of the normal scores of any two members, 0 to 1


def generator(purpose: str) -> np.random.Generator:
    """Random numbers that are the same whenever they serve the same purpose.

    Parameters
    ----------
    purpose : str
        What the numbers are for, e.g. "year/weather".

    Returns
    -------
    numpy.random.Generator
        Started from the SHA-256 of the purpose.

    Notes
    -----
    Definition. No global state: two callers of one purpose get equal numbers.
    """
    seed = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:16], "big")
    return np.random.Generator(np.random.SFC64(seed))


def uniforms(purpose: str, count: int, method: Method = "latin") -> Floats:
    """Numbers between 0 and 1 for one uncertain quantity.

    Parameters
    ----------
    purpose : str
        Names the stream.
    count : int
        How many, 1 to 1,000,000.
    method : {"latin", "random"}
        "latin" puts one number in each of `count` equal strata, in random order.

    Returns
    -------
    array, shape (count,)
        Above 0 and below 1. [1]

    Raises
    ------
    OutOfRange
        If the count lies outside its range.

    Notes
    -----
    Latin hypercube sampling [1]_.

    References
    ----------
    .. [1] M. D. McKay, R. J. Beckman and W. J. Conover, "A comparison of three methods for
       selecting values of input variables in the analysis of output from a computer code,"
       Technometrics, vol. 21, pp. 239-245, 1979, doi:10.1080/00401706.1979.10489755.
    """
    if not 1 <= count <= MAX_SAMPLES:
        raise OutOfRange(
            f"{count:,} samples were asked for; 1 to {MAX_SAMPLES:,} can be drawn.", count=count
        )
    random = generator(purpose)
    inside = random.random(count)
    if method == "latin":
        inside = (random.permutation(count) + inside) / count
    return np.clip(inside, 1e-12, 1.0 - 1e-12)


def sample(
    inputs: Mapping[str, Distribution],
    *,
    purpose: str,
    count: int = DEFAULT_SAMPLES,
    groups: Sequence[Group] = (),
    method: Method = "latin",
) -> dict[str, Floats]:
    r"""Values of uncertain inputs, the same in every run.

    Parameters
    ----------
    inputs : mapping of str to Distribution
        What is known of each.
    purpose : str
        Names the study. Studies of one purpose share their numbers, so that two designs are
        compared on the same luck.
    count : int
        Samples, 1 to 1,000,000.
    groups : sequence of Group
        Which inputs go together; an input belongs to one group at most.
    method : {"latin", "random"}
        How the uniform numbers are drawn.

    Returns
    -------
    dict of str to array, shape (count,)
        One array per input. Leaving an input out does not change the others.

    Raises
    ------
    OutOfRange
        If a correlation lies outside 0 to 1, or an input stands in two groups.

    Notes
    -----
    One common factor per group in normal scores, :math:`z_i = \sqrt{r}\,z_g +
    \sqrt{1-r}\,e_i`; the ranks of the scores then place the strata, so that each input
    keeps its own distribution exactly [1]_.

    References
    ----------
    .. [1] R. L. Iman and W. J. Conover, "A distribution-free approach to inducing rank
       correlation among input variables," Commun. Stat. Simul. Comput., vol. 11,
       pp. 311-334, 1982, doi:10.1080/03610918208812265.
    """
    group_of = _groups(groups)
    shared = {
        group.name: normal_quantile(uniforms(f"{purpose}/group/{group.name}", count, method))
        for group in groups
        if group.correlation > 0.0 and any(name in inputs for name in group.members)
    }
    drawn = {}
    for name, distribution in inputs.items():
        own = uniforms(f"{purpose}/{name}", count, method)
        group = group_of.get(name)
        if group is not None and group.name in shared:
            own = _tied(own, shared[group.name], group.correlation)
        drawn[name] = np.asarray(distribution.quantile(own), dtype=np.float64)
    return drawn


def _groups(groups: Sequence[Group]) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for group in groups:
        if not 0.0 <= group.correlation <= 1.0:
            raise OutOfRange(
                f"The correlation in group {group.name} is {group.correlation:g}; "
                "it must lie between 0 and 1.",
                group=group.name,
            )
        for name in group.members:
            if name in found:
                raise OutOfRange(
                    f"{name} stands in the groups {found[name].name} and {group.name}; "
                    "leave it in one.",
                    input=name,
                )
            found[name] = group
    return found


def _tied(own: Floats, shared: Floats, correlation: float) -> Floats:
    """The same numbers in an order that follows the group's factor."""
    scores = np.sqrt(correlation) * shared + np.sqrt(1.0 - correlation) * normal_quantile(own)
    ordered = np.empty_like(own)
    ordered[np.argsort(scores, kind="stable")] = np.sort(own)
    return ordered
