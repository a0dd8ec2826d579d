"""How far a figure can be trusted: the words that every figure's badge comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidence:
    """One degree of trust, as data, exports and screens name it."""

    id: str  # in data files and in JSON
    word: str  # on screens and in documents
    meaning: str


_ALL = (
    Confidence(
        id="user",
        word="own",
        meaning="Set in this design, or imported by your organisation.",
    ),
    Confidence(
        id="published",
        word="published",
        meaning="The maker's own document, a standard or an authority.",
    ),
    Confidence(
        id="published-secondary",
        word="third party",
        meaning="Published by somebody else who measured, analysed or quotes it.",
    ),
    Confidence(
        id="press",
        word="press",
        meaning="Reported by the press or an analyst, unconfirmed.",
    ),
    Confidence(
        id="derived",
        word="derived",
        meaning="Worked out from other figures; the working is given.",
    ),
    Confidence(
        id="estimate",
        word="estimate",
        meaning="Judged from comparable things; it has a range.",
    ),
    Confidence(
        id="from-memory",
        word="from memory",
        meaning="No document at hand: replace it before you rely on it.",
    ),
)

CONFIDENCES: Final[Mapping[str, Confidence]] = MappingProxyType({each.id: each for each in _ALL})
"""Every degree by its id, strongest first."""


def word_for(confidence: str) -> str:
    """The word people read for a confidence.

    Parameters
    ----------
    confidence : str
        Id of a degree, or whatever a design wrote.

    Returns
    -------
    str
        Its word; text that is no id stays as it is.

    Notes
    -----
    Definition.
    """
    known = CONFIDENCES.get(confidence)
    return known.word if known else confidence
