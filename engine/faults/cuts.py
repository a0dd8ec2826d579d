"""Availability of any arrangement: paths and cuts of a network of parts."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from engine.errors import Invalid, OutOfRange
from engine.ranges import bounded

PATHS = 5_000
COMPARISONS = 5_000_000  # of one set with another: a second or two
HOURS_PER_YEAR = 8760.0

Part = str
PartSet = frozenset[Part]


class TooIntricate(OutOfRange):
    """A network has more paths than can be gone through."""

    code = "too-intricate"
    title = "The network is too intricate"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutFigures:
    """Unavailability from minimal cuts, and how often and how long."""

    unavailability: float
    failures_per_year: float
    down_h: float
    cuts: tuple[tuple[PartSet, float], ...]  # with the unavailability of each, greatest first


def minimal_paths(
    links: Sequence[tuple[Hashable, Hashable, Part]],
    source: Hashable,
    sink: Hashable,
    *,
    directed: bool = False,
) -> tuple[PartSet, ...]:
    """Every smallest set of parts that connects source and sink.

    Parameters
    ----------
    links : sequence of (node, node, part)
        A part may stand in several links.
    source, sink : node
        Ends of the network.
    directed : bool
        Whether a link carries from its first node to its second only.

    Returns
    -------
    tuple of frozenset of str
        Minimal path sets, shortest first.

    Raises
    ------
    TooIntricate
        If there are more than 5,000 simple paths.

    Notes
    -----
    Definition. Depth-first search over simple paths, then absorption of supersets.
    """
    after: dict[Hashable, list[tuple[Hashable, Part]]] = {}
    for start, end, part in links:
        after.setdefault(start, []).append((end, part))
        if not directed:
            after.setdefault(end, []).append((start, part))
    found: list[PartSet] = []
    stack: list[tuple[Hashable, frozenset[Hashable], PartSet]] = [
        (source, frozenset([source]), frozenset())
    ]
    while stack:
        node, seen, used = stack.pop()
        if node == sink:
            found.append(used)
            if len(found) > PATHS:
                raise TooIntricate(
                    f"There are more than {PATHS:,} ways from {source} to {sink}. "
                    "Study a part of the network, or join parts in series to one.",
                    most=PATHS,
                )
            continue
        stack.extend(
            (end, seen | {end}, used | {part})
            for end, part in after.get(node, ())
            if end not in seen
        )
    return _Patience().absorbed(found)


def minimal_cuts(paths: Sequence[PartSet], order: int = 3) -> tuple[PartSet, ...]:
    """Every smallest set of parts whose failure breaks all paths.

    Parameters
    ----------
    paths : sequence of frozenset of str
        Minimal path sets.
    order : int
        Parts in a cut at most, >= 1.

    Returns
    -------
    tuple of frozenset of str
        Minimal cut sets up to that order, smallest first; empty without paths.

    Raises
    ------
    OutOfRange
        If the order is less than 1.
    TooIntricate
        If too many sets must be compared.

    Notes
    -----
    Minimal hitting sets of the paths, one path after the other [1]_; sets beyond the order are
    dropped as they grow, which loses none within it.

    References
    ----------
    .. [1] C. Berge, "Hypergraphs," North-Holland, 1989, ch. 2.
    """
    most = int(bounded("The order of cuts", order, 1.0))
    if not paths:
        return ()
    patience = _Patience()

    def hit(cuts: tuple[PartSet, ...], path: PartSet) -> tuple[PartSet, ...]:
        grown = [cut for cut in cuts if cut & path]
        grown += [cut | {p} for cut in cuts if not cut & path and len(cut) < most for p in path]
        return patience.absorbed(grown)

    return reduce(hit, paths, (frozenset(),))


def path_availability(paths: Sequence[PartSet], available: Mapping[Part, float]) -> float:
    """Exact probability that at least one path works.

    Parameters
    ----------
    paths : sequence of frozenset of str
        Path sets.
    available : mapping of str to float
        Availability of each part, 0 to 1. [-]

    Returns
    -------
    float
        Availability. [-]

    Raises
    ------
    Invalid
        If a part has no availability.
    OutOfRange
        If an availability lies outside 0 to 1.
    TooIntricate
        If too many cases must be told apart.

    Notes
    -----
    Pivotal decomposition [1]_: on the part that stands in most paths the system either has it or
    not; equal remainders are calculated once. Parts fail independently.

    References
    ----------
    .. [1] R. E. Barlow and F. Proschan, "Statistical Theory of Reliability and Life Testing,"
       Holt, Rinehart and Winston, 1975, ch. 2.
    """
    parts = sorted(frozenset().union(*paths)) if paths else []
    missing = [part for part in parts if part not in available]
    if missing:
        raise Invalid(f"The part {missing[0]} has no availability.", element=missing[0])
    values = bounded("The availability", [available[part] for part in parts], 0.0, 1.0, ids=parts)
    works = dict(zip(parts, values.tolist(), strict=True))
    known: dict[frozenset[PartSet], float] = {}
    patience = _Patience()

    def chance(system: frozenset[PartSet]) -> float:
        if not system:
            return 0.0
        if frozenset() in system:
            return 1.0
        if system in known:
            return known[system]
        part = _busiest(system)
        without = frozenset(path for path in system if part not in path)
        having = frozenset(patience.absorbed([path - {part} for path in system]))
        p = works[part]
        known[system] = p * chance(having) + (1.0 - p) * chance(without)
        return known[system]

    return chance(frozenset(patience.absorbed(paths)))


def cut_figures(
    cuts: Sequence[PartSet], failures_per_year: Mapping[Part, float], repair_h: Mapping[Part, float]
) -> CutFigures:
    """Unavailability, frequency and duration from minimal cuts.

    Parameters
    ----------
    cuts : sequence of frozenset of str
        Minimal cut sets.
    failures_per_year : mapping of str to float
        Failures of each part per year of work, >= 0. [1/a]
    repair_h : mapping of str to float
        Mean time to repair of each part, > 0. [h]

    Returns
    -------
    CutFigures
        The sum over cuts, and each cut's own share.

    Raises
    ------
    Invalid
        If a part has no figures.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Unavailability 1 - prod(1 - Q_c), an upper bound close while parts are reliable; frequency
    sum over cuts of Q_c times the repair rates of its parts [1]_; duration is their ratio.

    References
    ----------
    .. [1] R. Billinton and R. N. Allan, "Reliability Evaluation of Engineering Systems," 2nd ed.,
       Plenum Press, 1992, ch. 11.
    """
    parts = sorted(frozenset().union(*cuts)) if cuts else []
    missing = [part for part in parts if part not in failures_per_year or part not in repair_h]
    if missing:
        raise Invalid(f"The part {missing[0]} has no failure rate or no repair time.",
                      element=missing[0])  # fmt: skip
    rate = bounded(
        "The failure rate", [failures_per_year[p] for p in parts], 0.0, unit="1/a", ids=parts
    )
    mend = bounded(
        "The time to repair", [repair_h[p] for p in parts], 0.0, unit="h", above_low=True, ids=parts
    )
    down = dict(zip(parts, (rate * mend / (HOURS_PER_YEAR + rate * mend)).tolist(), strict=True))
    pace = dict(zip(parts, (HOURS_PER_YEAR / mend).tolist(), strict=True))
    works, frequency = 1.0, 0.0
    listed: list[tuple[PartSet, float]] = []
    for cut in cuts:
        both = 1.0
        for part in sorted(cut):
            both *= down[part]
        works *= 1.0 - both
        frequency += both * sum(pace[part] for part in sorted(cut))
        listed.append((cut, both))
    total = 1.0 - works
    listed.sort(key=lambda entry: (-entry[1], sorted(entry[0])))
    return CutFigures(
        unavailability=total,
        failures_per_year=frequency,
        down_h=HOURS_PER_YEAR * total / frequency if frequency > 0.0 else 0.0,
        cuts=tuple(listed),
    )


def _busiest(system: frozenset[PartSet]) -> Part:
    count: dict[Part, int] = {}
    for path in system:
        for part in path:
            count[part] = count.get(part, 0) + 1
    return min(count, key=lambda part: (-count[part], part))


class _Patience:
    """Counts comparisons of sets, so that no network can take for ever."""

    def __init__(self) -> None:
        self.left = COMPARISONS

    def absorbed(self, sets: Sequence[PartSet]) -> tuple[PartSet, ...]:
        """Without those that contain another one; smallest first, then by name."""
        kept: list[PartSet] = []
        for candidate in sorted(set(sets), key=lambda s: (len(s), sorted(s))):
            self.left -= len(kept) + 1
            if not any(smaller <= candidate for smaller in kept):
                kept.append(candidate)
            if self.left < 0:
                raise TooIntricate(
                    "The network has too many different paths or states. Study a part of it, or "
                    "join parts in series to one.",
                    most=COMPARISONS,
                )
        return tuple(kept)
