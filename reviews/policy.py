"""The rules of a review, as data: what concerns which discipline, who may move a proposal. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from layouts.member_names import member_kind
from reviews.diff import ElementChange, differing_groups

Discipline = Literal["space", "power", "cooling", "network", "cost"]
DISCIPLINES: tuple[Discipline, ...] = ("space", "power", "cooling", "network", "cost")
ALL: frozenset[Discipline] = frozenset(DISCIPLINES)
SPACE: frozenset[Discipline] = frozenset({"space"})
POWER: frozenset[Discipline] = frozenset({"power"})
COOLING: frozenset[Discipline] = frozenset({"cooling"})
NETWORK: frozenset[Discipline] = frozenset({"network"})
COST: frozenset[Discipline] = frozenset({"cost"})

# --- What a change concerns ----------------------------------------------------------------

# That a thing is there at all, or which product it is. A kind that is not listed concerns all.
PRESENCE: Mapping[str, frozenset[Discipline]] = {
    **dict.fromkeys(("hall", "column", "door", "keepout", "area", "dimension", "note"), SPACE),
    "containment": SPACE | COOLING,
    "rack": ALL,
    "module": ALL,
    "module_type": ALL,
    **dict.fromkeys(("cdu", "air_handler"), SPACE | POWER | COOLING | COST),
    **dict.fromkeys(
        ("panel", "busway", "ups", "rectifier", "switchboard", "transformer", "generator"),
        SPACE | POWER | COST,
    ),
    **dict.fromkeys(("dry_cooler", "chiller"), SPACE | POWER | COOLING | COST),
    "pipe": SPACE | COOLING | COST,
    "tray": SPACE | NETWORK | COST,
    "feeder": SPACE | POWER | COST,
}

# What a group concerns, on whichever element it stands.
GROUPS: Mapping[str, frozenset[Discipline]] = {
    **dict.fromkeys(
        ("outline", "line", "size", "identity", "hall", "tiles", "door", "text", "state"), SPACE
    ),
    "placement": SPACE,
    "containment": COOLING,
    **dict.fromkeys(("feeds", "upstream", "rating"), POWER),
    "load": POWER | COOLING,
    **dict.fromkeys(("cooling", "capacity"), COOLING),
    **dict.fromkeys(("streams", "utilisation", "finance"), COST),
    "claims": COST,
    "pipe": COOLING | COST,
    "tray": SPACE | NETWORK | COST,
    "feeder": POWER | COST,
}

# Where a kind gives a group another meaning than most.
SPECIAL: Mapping[tuple[str, str], frozenset[Discipline]] = {
    **{(kind, "placement"): SPACE | COOLING for kind in ("cdu", "air_handler", "containment")},
    **{(kind, "size"): SPACE | COOLING for kind in ("containment",)},
    ("pipe", "path"): SPACE | COOLING | COST,
    ("tray", "path"): SPACE | NETWORK | COST,
    ("feeder", "path"): SPACE | POWER | COST,
    ("site", "location"): POWER | COOLING | COST,
    ("site", "power"): POWER,
    ("site", "workload"): NETWORK | COST,
    ("module_type", "aisle"): SPACE | COOLING,
    ("module_type", "cdus"): SPACE | POWER | COOLING | COST,
    ("module_type", "air"): SPACE | POWER | COOLING | COST,
    ("module_type", "power"): SPACE | POWER | COST,
    ("module_type", "racks"): ALL,
}

# The first letters of a rule's code say whose it is; a waiver concerns whom its rule concerns.
RULES: tuple[tuple[tuple[str, ...], frozenset[Discipline]], ...] = (
    (("SPC", "DOOR", "CLR", "AISLE", "FLOOR", "ROW", "TAG"), SPACE),
    (("NEC", "IEC", "POW"), POWER),
    (("COOL",), COOLING),
    (("NET",), NETWORK),
    (("COMP", "COST"), COST),
)

# Override of an assumption: the first part of the line's id.
LINES: Mapping[str, frozenset[Discipline]] = {
    **dict.fromkeys(("cooling", "rejection"), COOLING),
    "power": POWER,
    "space": SPACE,
    "net": NETWORK | COST,
    **dict.fromkeys(("fab", "fac", "fin", "it", "life", "op", "ops", "resid", "workload"), COST),
}

# A slot of a module and the kind that stands in it.


def disciplines_of(changes: Iterable[ElementChange]) -> frozenset[Discipline]:
    """The disciplines that a set of changes concerns."""
    found: frozenset[Discipline] = frozenset()
    for change in changes:
        found |= concerns(change)
        if found == ALL:
            break
    return found


def concerns(change: ElementChange) -> frozenset[Discipline]:
    """The disciplines that one change concerns."""
    if change.kind == "waiver":
        return _of_waivers(change)
    if change.how in ("added", "removed"):
        return PRESENCE.get(change.kind, ALL)
    found: frozenset[Discipline] = frozenset()
    for group in change.groups:
        found |= _of_group(change.kind, group, *change.value(group))
    return found


def of_rule(code: str) -> frozenset[Discipline]:
    """The disciplines that a rule belongs to."""
    for starts, concerned in RULES:
        if code.startswith(starts):
            return concerned
    return ALL


def _of_waivers(change: ElementChange) -> frozenset[Discipline]:
    codes = {
        state["waiver"]["rule"] for state in (change.before, change.after) if state is not None
    }
    return frozenset().union(*(of_rule(code) for code in codes))


def _of_group(kind: str, group: str, before: Any, after: Any) -> frozenset[Discipline]:
    if group == "overrides":
        return _of_overrides(before or {}, after or {})
    if (kind, group) == ("site", "assumptions"):
        lines = differing_groups(before or {}, after or {})
        return frozenset().union(*(_of_line(line) for line in lines))
    if group == "product":
        return PRESENCE.get(kind, ALL)
    return SPECIAL.get((kind, group)) or GROUPS.get(group, ALL)


def _of_line(line: str) -> frozenset[Discipline]:
    start, _, rest = line.partition(".")
    return of_rule(rest) if start == "rule" else LINES.get(start, ALL)


def _of_overrides(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> frozenset[Discipline]:
    found: frozenset[Discipline] = frozenset()
    for slot in before.keys() | after.keys():
        kind = member_kind(slot)
        old, new = before.get(slot, {}), after.get(slot, {})
        for group in differing_groups(old, new):
            found |= _of_group(kind, group, old.get(group), new.get(group))
    return found


# --- Who may move a proposal ---------------------------------------------------------------

State = Literal["draft", "in_review", "merged", "declined", "withdrawn"]
Move = Literal[
    "submit", "approve", "request_changes", "retract", "decline", "withdraw", "reopen", "merge"
]
Who = Literal["author", "approver", "holder", "anybody"]
Gate = Literal[
    "current",
    "no_conflicts",
    "evaluated",
    "no_new_blocking",
    "redundancy",
    "waivers",
    "approved",
]

EXAMINED: tuple[Gate, ...] = (
    "current",
    "no_conflicts",
    "evaluated",
    "no_new_blocking",
    "redundancy",
    "waivers",
)

# Findings that say that the loss of one unit is not survived any more: a warning in a design,
# but a line that others rely on does not lose what it had.
REDUNDANCY_RULES = ("COOL-N1", "COOL-HEAD-N1", "COOL-AIR-N1", "POW-ONE-FEED", "POW-SIDE-LOST")
OPEN_STATES: tuple[State, ...] = ("draft", "in_review")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One move: from which states, to which (None: it stays), by whom, past which gates.

    `who`: the author of the proposal; an approver of the discipline, who did not work on it;
    the holder of an approval, who takes it back; anybody with the right `action`.
    """

    sources: tuple[State, ...]
    target: State | None
    who: Who
    action: Literal["propose", "approve", "merge"]
    gates: tuple[Gate, ...] = ()
    needs_reason: bool = False


TRANSITIONS: Mapping[Move, Transition] = {
    "submit": Transition(sources=("draft",), target="in_review", who="author", action="propose"),
    "approve": Transition(
        sources=("in_review",), target=None, who="approver", action="approve", gates=EXAMINED
    ),
    "request_changes": Transition(
        sources=("in_review",),
        target=None,
        who="approver",
        action="approve",
        gates=("current",),
        needs_reason=True,
    ),
    "retract": Transition(sources=("in_review",), target=None, who="holder", action="approve"),
    "decline": Transition(
        sources=("in_review",),
        target="declined",
        who="approver",
        action="approve",
        needs_reason=True,
    ),
    "withdraw": Transition(sources=OPEN_STATES, target="withdrawn", who="author", action="propose"),
    "reopen": Transition(
        sources=("withdrawn", "declined"), target="draft", who="author", action="propose"
    ),
    "merge": Transition(
        sources=("in_review",),
        target="merged",
        who="anybody",
        action="merge",
        gates=(*EXAMINED, "approved"),
    ),
}
