"""The element kinds and their property groups, as data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layouts.fields import (
    MAX_LENGTH_MM,
    Choice,
    Day,
    Either,
    FieldType,
    Flag,
    Items,
    Nullable,
    Number,
    Outline,
    Polyline,
    Problem,
    Record,
    Reference,
    Table,
    Text,
    shown,
)

COORDINATE = Number(minimum=-MAX_LENGTH_MM, maximum=MAX_LENGTH_MM)
LENGTH = Number(minimum=0.1, maximum=MAX_LENGTH_MM)
ANGLE = Number(minimum=-MAX_LENGTH_MM, maximum=MAX_LENGTH_MM)
AMOUNT = Number(minimum=0)
FRACTION = Number(minimum=0, maximum=1)
TEMPERATURE = Number(minimum=-60, maximum=150)
COUNT = Number(minimum=0, maximum=10_000, integral=True)
AT_LEAST_ONE = Number(minimum=1, maximum=10_000, integral=True)
COUNT_LARGE = Number(minimum=0, maximum=100_000_000, integral=True)
YEARS = Number(minimum=0.001, maximum=100)
NAME = Text(shortest=1, longest=200)
WORDS = Text()
PRODUCT_ID = Text(shortest=1, longest=200)
SOURCE = Nullable(Reference(members=True))

POWER_KINDS = (
    "panel", "busway", "ups", "rectifier", "switchboard", "transformer", "generator",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What an element of one kind consists of."""

    required: Mapping[str, FieldType] = field(default_factory=dict)
    optional: Mapping[str, FieldType] = field(default_factory=dict)

    def group(self, name: str) -> FieldType | None:
        """The rule of a property group, or None if this kind has no such group."""
        return self.required.get(name) or self.optional.get(name)


PLACEMENT = Record(
    required={"x_mm": COORDINATE, "y_mm": COORDINATE, "rotation_deg": ANGLE},
)
MODULE_PLACEMENT = Record(required=PLACEMENT.required, optional={"mirrored": Flag()})
OUTLINE = Record(required={"points_mm": Outline()})
PATH = Record(required={"points_mm": Polyline()}, optional={"elevation_mm": LENGTH})
_LABELS: dict[str, FieldType] = {
    "tag": NAME,
    "name": NAME,
    "layer": NAME,
    "side": Choice(("A", "B")),
}


def _identity(*required: str) -> Record:
    return Record(
        required={name: _LABELS[name] for name in required},
        optional={name: rule for name, rule in _LABELS.items() if name not in required},
    )


LABELLED = _identity()
TAGGED = _identity("tag")
NAMED = _identity("name")
STATE = Record(optional={"locked": Flag(), "hidden": Flag()})
FULL_SIZE = Record(
    required={"width_mm": LENGTH, "depth_mm": LENGTH}, optional={"height_mm": LENGTH}
)
SIZE = Record(optional={"width_mm": LENGTH, "depth_mm": LENGTH, "height_mm": LENGTH})
PRODUCT = Record(required={"product_id": PRODUCT_ID}, optional={"variant": NAME})
PHASES = Choice(("A", "B", "C", "AB", "BC", "CA", "ABC"))
FEEDS = Record(optional={"a": SOURCE, "b": SOURCE, "phases": PHASES})
LOAD = Record(
    optional=dict.fromkeys(
        ("nameplate_kw", "tdp_kw", "sustained_kw", "peak_kw", "liquid_kw"), AMOUNT
    )
)
CAPACITY = Record(optional={"capacity_kw": AMOUNT, "flow_lpm": AMOUNT, "approach_k": AMOUNT})
LOOP = Record(optional={"loop": NAME})

_EQUIPMENT: dict[str, FieldType] = {"placement": PLACEMENT, "identity": TAGGED, "product": PRODUCT}
_SHARED: dict[str, FieldType] = {"identity": LABELLED, "state": STATE}

_POWER_NODE = Kind(
    required=_EQUIPMENT,
    optional={
        "upstream": Record(optional={"source": SOURCE}),
        "rating": Record(optional={"rating_kw": AMOUNT, "fault_ka": AMOUNT}),
        "size": SIZE,
        "state": STATE,
    },
)
_PLANT = Kind(required=_EQUIPMENT, optional={"capacity": CAPACITY, "size": SIZE, "state": STATE})

RACK = Kind(
    required=_EQUIPMENT,
    optional={"feeds": FEEDS, "cooling": LOOP, "load": LOAD, "size": SIZE, "state": STATE},
)
CDU = Kind(
    required=_EQUIPMENT,
    optional={
        "cooling": Record(optional={"loop": NAME, "redundancy": COUNT}),
        "capacity": CAPACITY,
        "feeds": FEEDS,
        "size": SIZE,
        "state": STATE,
    },
)
AIR_HANDLER = Kind(
    required=_EQUIPMENT,
    optional={
        "cooling": LOOP,
        "capacity": CAPACITY,
        "feeds": FEEDS,
        "size": SIZE,
        "state": STATE,
    },
)
CONTAINMENT = Kind(
    required={
        "placement": PLACEMENT,
        "size": FULL_SIZE,
        "identity": LABELLED,
        "containment": Record(required={"aisle": Choice(("hot", "cold"))}),
    },
    optional={"state": STATE},
)

PIPE = Kind(
    required={
        "path": PATH,
        "identity": TAGGED,
        "pipe": Record(
            required={"loop": NAME},
            optional={
                "service": Choice(("tcs", "fws")),
                "bore_mm": Number(minimum=5, maximum=5_000),
                "resistance_factor": Number(minimum=0.01, maximum=1000),
            },
        ),
    },
    optional={"state": STATE},
)
TRAY = Kind(
    required={
        "path": PATH,
        "identity": TAGGED,
        "tray": Record(required={"width_mm": LENGTH, "depth_mm": LENGTH}),
    },
    optional={"state": STATE},
)
FEEDER = Kind(
    required={
        "path": PATH,
        "identity": TAGGED,
        "feeder": Record(
            required={"to": SOURCE},
            optional={
                "conductor_mm2": Number(minimum=0.1, maximum=10_000),
                "sets": AT_LEAST_ONE,
            },
        ),
    },
    optional={"state": STATE},
)

MEMBER_KINDS: Mapping[str, Kind] = {
    "rack": RACK,
    "cdu": CDU,
    "busway": _POWER_NODE,
    "containment": CONTAINMENT,
    "air": AIR_HANDLER,
    "pipe": PIPE,
    "tray": TRAY,
}
"""Kinds of the members of a module, by the first word of their slot."""


_SLOT = re.compile("(rack|cdu|busway|containment|air|pipe|tray)-[a-z0-9-]{1,30}")


@dataclass(frozen=True, slots=True)
class Overrides:
    """What one copy of a module changes: property groups by slot."""

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Every group must be one of the kind that stands in the slot."""
        if not isinstance(value, Mapping):
            problems.append(Problem(path, f"must be an object, not {shown(value)}"))
            return
        for slot, groups in value.items():
            member = _SLOT.fullmatch(slot)
            if member is None:
                problems.append(Problem(path, f"has no slot {shown(slot)}"))
            elif not isinstance(groups, Mapping):
                problems.append(Problem(f"{path}.{slot}", "must be an object of groups"))
            else:
                check_groups(MEMBER_KINDS[member[1]], groups, f"{path}.{slot}", problems)

    def json_schema(self) -> dict[str, Any]:
        """An object by slot; each kind of slot has its own groups."""
        return {
            "type": "object",
            "patternProperties": {
                f"^{word}-[a-z0-9-]{{1,30}}$": {
                    "type": "object",
                    "properties": {
                        name: rule.json_schema()
                        for name, rule in {**kind.required, **kind.optional}.items()
                    },
                    "additionalProperties": False,
                }
                for word, kind in MEMBER_KINDS.items()
            },
            "additionalProperties": False,
        }


def check_groups(kind: Kind, groups: Mapping[str, Any], path: str, problems: list[Problem]) -> None:
    """Check property groups that stand on their own, required or not."""
    for name, value in groups.items():
        rule = kind.group(name)
        if rule is None:
            problems.append(Problem(f"{path}.{shown(name)[1:-1]}", "is not a known group"))
        else:
            rule.check(value, f"{path}.{name}", problems)


STREAMS = (
    "chat", "reasoning", "retrieval", "agentic", "fast", "batch", "training", "post-training",
    "synthetic-video", "vision-language", "robot-policy", "simulation",
)  # fmt: skip
STREAM = Record(
    optional={
        "share_fraction": FRACTION,
        "requests_per_s": AMOUNT,
        "sessions": AMOUNT,
        "model": NAME,
        "isl": COUNT_LARGE,
        "osl": COUNT_LARGE,
        "prefix_hit_fraction": FRACTION,
        "tok_s_user": AMOUNT,
        "first_token_s": AMOUNT,
        "load_factor_fraction": FRACTION,
        "price_usd_per_mtok": AMOUNT,
    }
)
"""What a stream asks for; what is left out comes from the shipped table of streams."""

_SITE = Kind(
    optional={
        "location": Record(
            optional={
                "site_id": NAME,
                "weather": NAME,
                "warming_k": Number(minimum=-10, maximum=10),
            }
        ),
        "power": Record(
            optional={
                "basis": Choice(("nameplate", "tdp", "sustained", "peak")),
                "feed_limit_kw": Nullable(AMOUNT),
                "voltage_v": Number(minimum=0.001),
                "power_factor": Number(minimum=0.001, maximum=1),
            }
        ),
        "cooling": Record(
            optional={
                "coolant": Choice(("pg25_volume", "pg25_mass", "water")),
                "tcs_supply_c": TEMPERATURE,
                "fws_supply_c": TEMPERATURE,
                "air_supply_c": TEMPERATURE,
                "heat_load_fraction": Number(minimum=0, maximum=2),
                "heat_rejection": Choice(("dry_cooler", "adiabatic", "tower", "chiller")),
            }
        ),
        "workload": Record(
            optional={
                "model": NAME,
                "precision": NAME,
                "isl": COUNT_LARGE,
                "osl": COUNT_LARGE,
                "interactivity_tok_s_user": AMOUNT,
                "prefix_hit_fraction": FRACTION,
            }
        ),
        "streams": Record(optional=dict.fromkeys(STREAMS, STREAM)),
        "utilisation": Record(
            optional=dict.fromkeys(
                (
                    "slo_fraction",
                    "derate_fraction",
                    "availability_fraction",
                    "goodput_fraction",
                    "load_factor_fraction",
                ),
                FRACTION,
            )
        ),
        "finance": Record(
            optional={
                "mode": Choice(("straight_line", "annuity", "levelised")),
                "wacc_fraction": FRACTION,
                "it_life_years": YEARS,
                "facility_life_years": YEARS,
            }
        ),
        "rules": Record(optional={"set": NAME}),
        "assumptions": Table(of=Number()),
        **_SHARED,
    }
)

_MODULE_TYPE = Kind(
    required={
        "identity": NAMED,
        "template": Record(
            required={"template_id": NAME, "version": Either(Text(shortest=1, longest=50), COUNT)}
        ),
        "racks": Record(
            required={
                "product_id": PRODUCT_ID,
                "rows": Choice((1, 2)),
                "per_row": Number(minimum=1, maximum=200, integral=True),
                "pitch_mm": LENGTH,
            },
            optional={"variant": NAME, "load": LOAD},
        ),
        "aisle": Record(
            required={
                "kind": Choice(("hot", "cold", "none")),
                "width_mm": Number(minimum=0, maximum=MAX_LENGTH_MM),
                "contained": Flag(),
            }
        ),
        "cdus": Record(
            required={
                "count": COUNT,
                "redundancy": COUNT,
                "position": Choice(("left", "right", "ends")),
            },
            optional={"product_id": Nullable(PRODUCT_ID)},
        ),
        "power": Record(
            required={"sides": Choice((1, 2))}, optional={"product_id": Nullable(PRODUCT_ID)}
        ),
    },
    optional={
        "air": Record(required={"product_id": PRODUCT_ID, "count": COUNT}),
        "capacity": CAPACITY,
        "claims": Table(
            of=Record(
                required={"value": Either(WORDS, Number())},
                optional={"unit": Text(longest=50), "source": WORDS, "confidence": NAME},
            ),
            longest=100,
        ),
        "state": STATE,
    },
)

KINDS: Mapping[str, Kind] = {
    "site": _SITE,
    "hall": Kind(
        required={
            "outline": OUTLINE,
            "identity": NAMED,
            "hall": Record(
                required={"height_mm": LENGTH},
                optional={"floor_load_limit_kpa": Nullable(AMOUNT)},
            ),
        },
        optional={
            "tiles": Record(
                required={"origin_x_mm": COORDINATE, "origin_y_mm": COORDINATE, "pitch_mm": LENGTH},
                optional={"first_letter": Text(shortest=1, longest=3)},
            ),
            "state": STATE,
        },
    ),
    "column": Kind(required={"placement": PLACEMENT, "size": FULL_SIZE}, optional=_SHARED),
    "door": Kind(
        required={
            "placement": PLACEMENT,
            "door": Record(
                required={
                    "width_mm": LENGTH,
                    "swing": Choice(("left", "right", "double", "sliding")),
                }
            ),
        },
        optional=_SHARED,
    ),
    "keepout": Kind(required={"outline": OUTLINE, "identity": NAMED}, optional={"state": STATE}),
    "area": Kind(required={"outline": OUTLINE, "identity": NAMED}, optional={"state": STATE}),
    "rack": RACK,
    "cdu": CDU,
    "air_handler": AIR_HANDLER,
    **dict.fromkeys(POWER_KINDS, _POWER_NODE),
    "dry_cooler": _PLANT,
    "chiller": _PLANT,
    "containment": CONTAINMENT,
    "pipe": PIPE,
    "tray": TRAY,
    "feeder": FEEDER,
    "module_type": _MODULE_TYPE,
    "module": Kind(
        required={
            "placement": MODULE_PLACEMENT,
            "identity": TAGGED,
            "type": Record(required={"type_id": Reference()}),
        },
        optional={"overrides": Overrides(), "state": STATE},
    ),
    "dimension": Kind(
        required={
            "line": Record(
                required=dict.fromkeys(
                    ("from_x_mm", "from_y_mm", "to_x_mm", "to_y_mm", "offset_mm"), COORDINATE
                )
            )
        },
        optional=_SHARED,
    ),
    "note": Kind(
        required={
            "placement": PLACEMENT,
            "text": Record(required={"text": WORDS, "height_mm": LENGTH}),
        },
        optional=_SHARED,
    ),
    "waiver": Kind(
        required={
            "waiver": Record(
                required={
                    "rule": NAME,
                    "element_ids": Items(of=Reference(members=True), longest=1_000),
                    "reason": Text(shortest=1),
                    "expires_on": Day(),
                    "granted_by": NAME,
                }
            )
        },
        optional=_SHARED,
    ),
}
