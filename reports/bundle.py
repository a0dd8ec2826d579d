"""The frozen input of every exporter: one revision with everything that is printed of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from catalog.schema import Product
from engine.assumptions import Assumptions, Quantity
from engine.plant import Plant
from layouts.document import Document

Sheet = Literal["A3", "A1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A design at one revision, its result and the records and assumptions behind it."""

    design_id: str
    design_name: str
    project_name: str
    organisation_name: str
    revision: int
    created_by: str  # who made the revision
    issued_on: date  # when the revision was made
    document: Document
    plant: Plant
    result: Mapping[str, Any]
    products: Mapping[str, Product]
    assumptions: Assumptions
    design_file: str  # the document as it is exported
    sheet: Sheet
    talks: Sequence[Mapping[str, Any]]  # what was said about it when the report was ordered

    @property
    def state_hash(self) -> str:
        """Says which state of the design was evaluated."""
        return str(self.result["design"]["state_hash"])

    @property
    def engine_version(self) -> str:
        """Which engine gave the figures."""
        engine = self.result["engine"]
        return f"{engine['version']} (model {engine['model_version']})"

    @property
    def assumptions_used(self) -> Mapping[str, Quantity]:
        """The lines that a figure was made of, and those that somebody set."""
        named = {
            each["name"]
            for working in self.result["provenance"].values()
            for each in working["inputs"]
        }
        return {
            line: quantity
            for line, quantity in self.assumptions.items()
            if line in named or line in self.assumptions.overridden
        }

    @property
    def number(self) -> str:
        """The identification number of the documents, at most 16 characters (ISO 7200)."""
        return f"PL-{self.design_id.replace('-', '')[-8:].upper()}"
