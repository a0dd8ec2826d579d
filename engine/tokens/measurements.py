"""Which measured points count: the shipped ones, less those left out, plus a user's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from engine.assumptions import Assumptions
from engine.tables import Point, points

RECONSTRUCTED: Final = "reconstructed"
# Medians over many runs. The direct points are single runs and stand in for them.
OWN: Final = "own"
LINE: Final = "data.reconstructed"
DRAFTING: Final = "data.drafting"
DISAGGREGATION: Final = "data.disaggregation"
# Switches: 1 lets points of the kind count, 0 leaves them out.


@dataclass(frozen=True, slots=True)
class Measurements:
    """A choice of points. Own points override shipped ones of the same configuration."""

    own: tuple[Point, ...] = ()
    with_reconstructed: bool = True
    with_drafting: bool = True
    with_disaggregation: bool = True

    def of(self, model: str, gpu: str) -> tuple[Point, ...]:
        """The points of a model on a GPU that a frontier may use."""
        return _chosen(self, model, gpu)

    def by_key(self) -> Mapping[tuple[str, str], tuple[Point, ...]]:
        """Every point that may count, by model and GPU."""
        keys = {*points(), *((p.model, p.gpu) for p in self.own)}
        return {key: found for key in sorted(keys) if (found := self.of(*key))}

    def allows(self, point: Point) -> bool:
        """Whether a point was served in a way that may count."""
        return (self.with_drafting or point.spec == "none") and (
            self.with_disaggregation or not point.disagg
        )

    def has_gpu(self, gpu: str) -> bool:
        """Whether anything at all was measured on a GPU."""
        return any(key[1] == gpu for key in points()) or any(p.gpu == gpu for p in self.own)

    def names(self, chosen: Iterable[Point]) -> str:
        """Where the points come from, for a label."""
        kinds = {point.provenance for point in chosen}
        words = []
        if OWN in kinds:
            words.append("own measurements")
        if RECONSTRUCTED in kinds:
            words.append("InferenceX (reconstructed)")
        if kinds - {OWN, RECONSTRUCTED}:
            words.append("InferenceX")
        return " and ".join(words)


SHIPPED: Final = Measurements()


def measurements(assumptions: Assumptions) -> Measurements:
    """The points that a calculation may use.

    Notes
    -----
    Definition. The user's own, and the shipped medians, which are reconstructed. When the
    line ``data.reconstructed`` is 0 they are left out and single direct runs count;
    ``data.drafting`` and ``data.disaggregation`` at 0 leave out what was served that way.
    """
    return Measurements(
        own=assumptions.own_points,
        with_reconstructed=assumptions.value(LINE) != 0.0,
        with_drafting=assumptions.value(DRAFTING) != 0.0,
        with_disaggregation=assumptions.value(DISAGGREGATION) != 0.0,
    )


@lru_cache(maxsize=512)
def _chosen(which: Measurements, model: str, gpu: str) -> tuple[Point, ...]:
    own = [p for p in which.own if (p.model, p.gpu) == (model, gpu)]
    replaced = {configuration(p) for p in own}
    shipped = [
        p
        for p in points().get((model, gpu), ())
        if (p.provenance == RECONSTRUCTED) == which.with_reconstructed
        and configuration(p) not in replaced
    ]
    return tuple(p for p in (*own, *shipped) if which.allows(p))


def configuration(point: Point) -> tuple[object, ...]:
    """What makes two points the same measurement, made twice.

    Notes
    -----
    Definition.
    """
    return (
        point.model,
        point.gpu,
        point.precision,
        point.framework,
        point.spec,
        point.disagg,
        point.tp,
        point.ep,
        point.dp_attention,
        point.isl,
        point.osl,
        point.concurrency,
    )


def counts() -> Mapping[str, int]:
    """How many shipped points there are of each provenance.

    Notes
    -----
    Definition.
    """
    found: dict[str, int] = {}
    for group in points().values():
        for point in group:
            found[point.provenance] = found.get(point.provenance, 0) + 1
    return MappingProxyType(found)
