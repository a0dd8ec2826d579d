"""The real weather files that come with pvlib, to choose from before anybody uploads one.

Pure: the files are found where the package lies and read like an upload; pvlib itself is
never imported.
"""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from engine.climate.weather import WeatherYear
from weather.errors import WeatherNotFound
from weather.hours import year_of
from weather.reader import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file that ships with a library."""

    id: str
    name: str
    file: str


SAMPLES: Final[Mapping[str, Sample]] = MappingProxyType(
    {
        sample.id: sample
        for sample in (
            Sample(id="sample-greensboro", name="Greensboro, NC", file="723170TYA.CSV"),
            Sample(id="sample-sand-point", name="Sand Point, AK", file="703165TY.csv"),
            Sample(id="sample-miami", name="Miami, FL", file="12839.tm2"),
        )
    }
)


def folder() -> Path | None:
    """Where pvlib keeps its data; None where it is not installed."""
    spec = importlib.util.find_spec("pvlib")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "data" if places else None


@lru_cache(maxsize=len(SAMPLES))
def sample_year(sample_id: str) -> WeatherYear:
    """The hours of a sample.

    Raises
    ------
    WeatherNotFound
        If there is no such sample, or its library is not installed.
    """
    sample, place = SAMPLES.get(sample_id), folder()
    if sample is None or place is None or not (place / sample.file).is_file():
        raise WeatherNotFound(
            f"There is no sample {sample_id}: install the package pvlib, or upload a file.",
            weather=sample_id,
        )
    return year_of(read((place / sample.file).read_bytes()))


def sample_or_reason(sample_id: str) -> tuple[WeatherYear | None, str]:
    """The hours of a sample, or what to say where there are none."""
    try:
        return sample_year(sample_id), ""
    except WeatherNotFound as error:
        return None, error.detail
