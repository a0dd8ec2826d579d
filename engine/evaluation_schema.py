"""The published JSON Schema of an evaluation, made from the results themselves."""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final, Literal, get_args, get_origin

import numpy as np

from engine.evaluation import SCHEMA, Evaluation, Input
from engine.findings import Finding, GrantedWaiver
from engine.plain import is_on_the_wire

SCALARS: Final[Mapping[Any, str]] = {
    float: "number",
    int: "integer",
    str: "string",
    bool: "boolean",
    types.NoneType: "null",
}
STEPS: Final = (
    "space", "power", "cooling", "energy", "compute", "cost", "shortfall", "elements",
)  # fmt: skip
NUMBERS: Final[Mapping[str, str]] = {"f": "number", "i": "integer", "b": "boolean"}


def evaluation_json_schema() -> dict[str, Any]:
    """The JSON Schema of an evaluation, as the command line and the API give it.

    Returns
    -------
    dict
        JSON Schema, draft 2020-12, without references. Objects may gain fields within one
        version of the schema; none goes away or changes its meaning.

    Notes
    -----
    Definition. Units stand at the end of names; null is an absent value with a reason beside it.
    """
    hints = typing.get_type_hints(Evaluation)
    steps = {
        name: _of(hints[name])
        for name in (
            "space",
            "power",
            "cooling",
            "energy",
            "compute",
            "cost",
            "shortfall",
            "elements",
        )
    }
    power = steps["power"]["properties"]
    steps["power"] = _object(
        {
            "basis": power.pop("basis"),
            "it_kw": power.pop("it_kw"),
            "facility_kw": {"type": "number"},
            **power,
        },
        steps["power"]["description"],
    )
    text = {"type": "string"}
    top = {
        "schema": {"const": SCHEMA},
        "engine": _object({"version": text, "model_version": text}, "Which engine gave it."),
        "level": _of(hints["level"]),
        "design": _object({"name": text, "state_hash": text}, "What was evaluated."),
        **steps,
        "year": _of(hints["year"]),
        "ranges": _of(hints["ranges"]),
        "findings": {"type": "array", "items": _finding()},
        "provenance": {
            "type": "object",
            "description": "How a figure came about, by its dotted path in this object.",
            "additionalProperties": _object(
                {
                    **dict.fromkeys(("formula_id", "formula", "function", "reference"), text),
                    "inputs": {"type": "array", "items": _of(Input)},
                },
                "The working of one figure.",
            ),
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Plenum evaluation, {SCHEMA}",
        **_object(top, "Everything the engine says about one design."),
    }


def _finding() -> dict[str, Any]:
    made = _of(Finding)
    own = made["properties"]
    del own["compares"]
    bound = typing.get_type_hints(Finding)["compares"]
    waiver = _of(GrantedWaiver)
    return _object(
        {
            "id": {"type": "string"},
            **own,
            "bound": _of(bound),
            "decimals_apart": _of(int),
            "waiver": {"anyOf": [waiver, {"type": "null"}]},
        },
        made["description"],
    )


def _object(properties: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "required": list(properties),
    }


def _of(hint: Any) -> dict[str, Any]:
    """The schema of a type, as `engine.plain` writes its values."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        made: dict[str, Any] = {}
    elif hint in SCALARS:
        made = {"type": SCALARS[hint]}
    elif is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        words = (typing.cast(type, hint).__doc__ or "").partition("\n")[0]
        own = {each.name: _of(hints[each.name]) for each in fields(hint) if is_on_the_wire(each)}
        made = _object(own, words)
    elif origin is Literal:
        made = {"enum": list(inner)}
    elif origin is np.ndarray:
        kind = np.dtype(get_args(inner[1])[0]).kind
        made = {"type": "array", "items": {"type": NUMBERS[kind]}}
    elif origin is tuple:
        made = {"type": "array", "items": _of(inner[0])}
        if inner[-1] is not Ellipsis:
            made |= {"minItems": len(inner), "maxItems": len(inner)}
    elif origin in (types.UnionType, typing.Union):
        made = {"anyOf": [_of(each) for each in inner]}
    elif origin is not None and issubclass(origin, Mapping):
        made = {"type": "object"}
    else:
        raise TypeError(f"{hint} has no form in JSON")
    return made
