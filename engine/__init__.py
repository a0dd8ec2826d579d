"""The calculations: pure functions on arrays, without framework, database or clock."""

from engine.assumptions import Assumptions, Quantity
from engine.evaluate import evaluate
from engine.evaluation import MODEL_VERSION, SCHEMA, VERSION, Evaluation
from engine.findings import Finding
from engine.plant import Plant
from engine.studies import heat_load_sweep, lose_one

__all__ = [
    "MODEL_VERSION",
    "SCHEMA",
    "VERSION",
    "Assumptions",
    "Evaluation",
    "Finding",
    "Plant",
    "Quantity",
    "evaluate",
    "heat_load_sweep",
    "lose_one",
]
