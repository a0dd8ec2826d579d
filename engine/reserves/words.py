"""How a figure of a study came about, as its pages print it."""

from collections.abc import Sequence
from typing import Any

from engine.evaluation import Input


def entry(figure: str, formula: str, reference: str, inputs: Sequence[Input]) -> dict[str, Any]:
    """One entry of the working.

    Notes
    -----
    Definition.
    """
    return {
        "figure": figure,
        "formula": formula,
        "reference": reference,
        "inputs": [{name: getattr(each, name) for name in Input.__slots__} for each in inputs],
    }
