"""Evaluates the revisions of a design one after another, working out only what an edit changed.

What a process keeps of a design only saves time: an evaluator that knows nothing of it gives the
same text, byte for byte.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from uuid import UUID

from analysis.assemble import assemble
from analysis.own_data import OwnData
from analysis.units import Readings
from catalog.schema import Product
from engine.climate.weather import WeatherYear
from engine.evaluate import evaluate
from engine.evaluation import Level
from engine.memory import Memory
from engine.plant import Plant
from engine.writer import Writer
from engine.yearly import NO_WEATHER
from layouts.document import Document

MOST_UNITS: Final = 60_000
"""Elements and members of modules that one process keeps readings of, over all designs."""
MOST_DESIGNS: Final = 8


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather of a design, or why there is none."""

    weather: WeatherYear | None = None
    why_not: str = NO_WEATHER


class Evaluator:
    """What is kept of one design: readings, answers of steps, and written columns."""

    def __init__(self, products: Mapping[str, Product]) -> None:
        self.readings, self.memory, self.writer = Readings(products), Memory(), Writer()

    @property
    def units(self) -> int:
        """How much is kept."""
        return self.readings.count

    def text(
        self,
        document: Document,
        own: OwnData,
        level: Level,
        *,
        sky_of: Callable[[Plant], Sky] = lambda _: Sky(),
        on_assembled: Callable[[], None] = lambda: None,
        on_progress: Callable[[float], None] | None = None,
    ) -> str:
        """The evaluation of a document as it is stored.

        Raises
        ------
        DesignInvalid
            If the document can not be assembled.
        OutOfRange
            If a number lies outside what a formula is valid for.
        """
        plant, assumptions = assemble(
            document, self.readings.products, own=own, readings=self.readings
        )
        on_assembled()
        sky = sky_of(plant)
        result = evaluate(
            plant,
            assumptions,
            level,
            weather=sky.weather,
            why_no_weather=sky.why_not,
            on_progress=on_progress,
            memory=self.memory,
        )
        return self.writer.text(result)


class Evaluators:
    """The evaluators of the designs that this process saw last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, tuple[Any, Evaluator]] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def of(
        self, design_id: UUID, own_products: Any, products: Callable[[], Mapping[str, Product]]
    ) -> Iterator[Evaluator]:
        """The evaluator of a design, for one evaluation; after an error nothing of it is kept.

        `own_products` are the records that the design's file brought: others start anew.
        """
        with self._lock:
            known, evaluator = self._kept.pop(design_id, (None, None))
        if evaluator is None or known != own_products:
            evaluator = Evaluator(products())
        yield evaluator
        with self._lock:
            self._kept[design_id] = own_products, evaluator
            while len(self._kept) > 1 and self._is_too_much():
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all designs, as a fresh process has."""
        with self._lock:
            self._kept.clear()

    def _is_too_much(self) -> bool:
        units = sum(evaluator.units for _, evaluator in self._kept.values())
        return len(self._kept) > MOST_DESIGNS or units > MOST_UNITS


recent = Evaluators()
