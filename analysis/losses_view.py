"""What the page of losses prints, from stored answers: pure, and all in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figures import ABSENT, BY_PATH, number, plain, significant
from analysis.lifecycle import named

SHOWN = 60
RACKS_SHOWN = 40
ALIKE_SHOWN = 200
POWER_KINDS = frozenset(
    {
        "utility",
        "transformer",
        "generator",
        "switchboard",
        "ups",
        "rectifier",
        "panel",
        "busway",
    }
)
KIND_NAMES = {
    "cdu": "CDU",
    "ups": "UPS",
    "fws_pump": "facility water pump",
    "valve": "control valve",
    "header": "row header",
    "pipe": "coolant pipe",
    "sensor": "temperature sensor",
    "site": "whole site",
}
HEAT_REJECTION = frozenset({"dry_cooler", "chiller"})
NOT_DRAWN = frozenset({"utility", "fws_pump", "site", "sensor", "valve", "header"})
NOT_KNOWN = "No source says how often this fails."
FAR = float("inf")
SOLD = BY_PATH["compute.sold_tokens_per_s"]
WARMER_K = 0.05
FELT = 0.995  # of its flow; a loop that keeps as much feels nothing

Row = dict[str, Any]


def merged(
    result: Mapping[str, Any], losses: Mapping[str, Any], rides: Mapping[str, Any]
) -> list[Row]:
    """Every loss once, power and cooling together, the one that costs most IT power first."""
    followed = {each["id"]: each for each in rides["losses"]}
    cases = {each["id"]: each for each in losses["cases"]}
    watch_s = inputs_of(rides)["transient.watch_s"]
    rows = [
        _merged(result, cases.get(key), followed.get(key), watch_s)
        for key in dict.fromkeys((*cases, *followed))
    ]
    return sorted(rows, key=_rank)


def _merged(
    result: Mapping[str, Any],
    case: Mapping[str, Any] | None,
    ride: Mapping[str, Any] | None,
    watch_s: float,
) -> Row:
    known = case or ride or {}
    power, settled = (case["power"], case["cooling"]) if case else (None, None)
    dark_kw = power["it_lost_kw"] if power else 0.0
    lost = max(case["lost_kw"] if case else 0.0, dark_kw + (ride["lost_kw"] if ride else 0.0))
    it_kw, rate = result["power"]["it_kw"], SOLD.of(result)
    return {
        "id": known["id"],
        "tag": known["tag"] or known["id"],
        "kind": known["kind"],
        "kind_name": kind_name(known["kind"]),
        "is_power": known["kind"] in POWER_KINDS,
        "lost_kw": lost,
        "tokens_per_s": rate * lost / it_kw if rate and it_kw else None,
        "dark": power["racks_without_feed"] if power else 0,
        "one_side": power["racks_on_one_side"] if power else 0,
        "over": list(power["nodes_over"]) if power else [],
        "tripped_nodes": list(power["tripped"]) if power else [],
        "cascade_kw": power["cascade_kw"] if power else 0.0,
        "worst_fraction": power["worst_fraction"] if power else None,
        "short": _short(case, ride),
        "hot": ride["racks_tripped"] if ride else 0,
        "slowed": ride["racks_throttled"] if ride else 0,
        "alarm_s": ride["alarm_s"] if ride else None,
        "throttle_s": ride["throttle_s"] if ride else None,
        "trip_s": ride["trip_s"] if ride else None,
        "head_kpa": ride["head_kpa"] if ride else None,
        "is_followed": ride is not None,
        "settled": settled if settled and settled["is_strained"] else None,
        "is_late": _is_late(case, ride),
        "least_flow": ride["least_flow_fraction"] if ride else 1.0,
        "watch_s": watch_s,
        "kwh_per_year": _expected(lost, case or ride or {}),
        "title": ride["title"] if ride else "",
        "back": _back(ride) if ride else "",
    }


def _expected(lost_kw: float, known: Mapping[str, Any]) -> float | None:
    """Energy a year that IT is expected to miss; None where nobody knows how often it fails."""
    often = known.get("failures_per_year")
    return None if often is None else float(lost_kw * known["repair_h"] * often)


def kind_name(kind: str) -> str:
    """A kind of equipment or loss in words."""
    return KIND_NAMES.get(kind, kind.replace("_", " "))


def _short(case: Mapping[str, Any] | None, ride: Mapping[str, Any] | None) -> int:
    """Racks that get too little coolant; where the pipes were solved, their answer counts."""
    if ride is not None:
        return int(ride["racks_short"])
    cooling = case["cooling"] if case else None
    return len(cooling["starved_rack_ids"]) if cooling else 0


def _is_late(case: Mapping[str, Any] | None, ride: Mapping[str, Any] | None) -> bool:
    """Whether racks slow down for good, but after the time that is followed."""
    if case is None or ride is None or ride["throttle_s"] is not None:
        return False
    return bool(case["lost_kw"] > case["power"]["it_lost_kw"])


def _rank(row: Row) -> tuple[Any, ...]:
    return (
        -max(row["lost_kw"], row["cascade_kw"]),
        -row["lost_kw"],
        -row["dark"],
        FAR if row["trip_s"] is None else row["trip_s"],
        FAR if row["throttle_s"] is None else row["throttle_s"],
        -row["short"],
        -row["cascade_kw"],
        -len(row["over"]),
        FAR if row["alarm_s"] is None else row["alarm_s"],
        -row["one_side"],
        -(row["worst_fraction"] or 0.0),
        row["tag"],
    )


def chosen(rows: Sequence[Row], words: str, kind: str) -> list[Row]:
    """Those rows whose tag has all the words, of a kind, a side of the house, or all."""
    parts = words.casefold().split()
    return [
        row
        for row in rows
        if all(part in row["tag"].casefold() for part in parts)
        and (kind in ("", row["kind"]) or kind == ("power" if row["is_power"] else "cooling"))
    ]


def folded(rows: Sequence[Row], tags: Mapping[str, str]) -> list[Row]:
    """Rows in words; losses of one kind with the same outcome stand in one row."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(_outcome(row), []).append(row)
    return [_in_words(group, tags) for group in groups.values()]


def _outcome(row: Row) -> tuple[Any, ...]:
    return (
        row["kind"],
        round(row["lost_kw"], 1),
        settled_words(row["settled"]),
        row["dark"],
        row["one_side"],
        len(row["over"]),
        row["short"],
        row["hot"],
        row["slowed"],
        row["alarm_s"],
        row["throttle_s"],
        row["trip_s"],
        None if row["worst_fraction"] is None else round(row["worst_fraction"], 2),
    )


def _in_words(group: Sequence[Row], tags: Mapping[str, str]) -> Row:
    row = group[0]
    never = f"after {clock(row['watch_s'])}" if row["is_late"] else clock(None)
    return {
        "id": row["id"],
        "tag": row["tag"],
        "kind": row["kind_name"],
        "alike": [{"id": each["id"], "tag": each["tag"]} for each in group[1 : 1 + ALIKE_SHOWN]],
        "more": len(group) - 1,
        "effect": effect(row, tags),
        "holds": not (row["lost_kw"] or row["over"] or row["short"] or row["settled"]),
        "lost": number(row["lost_kw"]) if row["lost_kw"] else "0",
        "tokens": millions(row["tokens_per_s"]),
        "alarm": clock(row["alarm_s"]) if row["is_followed"] else ABSENT,
        "throttle": (never if row["throttle_s"] is None else clock(row["throttle_s"]))
        if row["is_followed"]
        else ABSENT,
        "trip": clock(row["trip_s"]) if row["is_followed"] else ABSENT,
        "expected": significant(row["kwh_per_year"], 3),
        "unknown": NOT_KNOWN if row["kwh_per_year"] is None else "",
    }


def effect(row: Row, tags: Mapping[str, str]) -> str:
    """What follows from a loss, in one line."""
    parts = []
    if row["dark"]:
        parts.append(f"{racks(row['dark'])} dark")
    if row["over"]:
        parts.append(f"overloaded: {named([tags.get(each) or each for each in row['over']])}")
    if row["tripped_nodes"]:
        parts.append(
            f"unless load is shed {len(row['tripped_nodes'])} trip, "
            f"{number(row['cascade_kw'])} kW dark"
        )
    if row["short"]:
        parts.append(f"{racks(row['short'])} short of coolant")
    if row["hot"]:
        parts.append(f"{racks(row['hot'])} {'trips' if row['hot'] == 1 else 'trip'}")
    elif row["slowed"]:
        parts.append(f"{racks(row['slowed'])} {'slows' if row['slowed'] == 1 else 'slow'} down")
    if row["is_late"]:
        parts.append("racks slow down in the long run")
    if words := settled_words(row["settled"]):
        parts.append(words)
    if not parts:
        parts += _held(row)
    if row["back"]:
        parts.append(row["back"])
    text = "; ".join(parts) or "everything runs on"
    return text[0].upper() + text[1:]


def _held(row: Row) -> list[str]:
    """What is felt of a loss that neither darkens nor starves a rack; at most one thing."""
    felt = (
        (row["lost_kw"], f"too little cooling for {number(row['lost_kw'])} kW of IT"),
        (row["alarm_s"] is not None, "coolant gets warm, all racks run on"),
        (
            row["least_flow"] < FELT,
            f"flow dips to {number(100.0 * row['least_flow'])} % until the other CDUs speed up, "
            "all racks run on",
        ),
        (row["one_side"], f"{racks(row['one_side'])} on one side, all run on"),
    )
    return [words for holds, words in felt if holds][:1]


def settled_words(settled: Mapping[str, Any] | None) -> str:
    """Where a loop settles with what is left; empty where nothing is felt."""
    if not settled:
        return ""
    words = (
        f"coolant settles at {number(settled['supply_c'], 1)} °C, the warmest return at "
        f"{number(settled['return_c'], 1)} of {number(settled['return_allowed_c'], 1)} °C"
    )
    if settled["supply_c"] > settled["supply_allowed_c"] + WARMER_K:
        allowed = number(settled["supply_allowed_c"], 1)
        words += f", warmer than the {allowed} °C of supply that racks allow"
    return words if settled["slowed_rack_ids"] else f"{words}: no rack slows down"


def racks(count: int) -> str:
    """A number of racks in words."""
    return "1 rack" if count == 1 else f"{number(count)} racks"


def clock(seconds: float | None) -> str:
    """A time after the loss: seconds, then minutes and seconds; "never" where it does not come."""
    if seconds is None:
        return "never"
    if seconds < 60.0:
        return f"{plain(round(seconds, 1), 3)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if rest else f"{minutes} min"


def millions(rate: float | None) -> str:
    """Tokens per second in millions."""
    return ABSENT if rate is None else significant(rate / 1e6, 3) if rate else "0"


def detail(row: Row, result: Mapping[str, Any], rides: Mapping[str, Any]) -> Row:
    """One loss at length: its figures, the racks that it starves, and when."""
    nodes = result["power"]["nodes"]
    tags = dict(zip(nodes["id"], nodes["tag"], strict=True))
    ride = next((each for each in rides["losses"] if each["id"] == row["id"]), None)
    rows, charted = _rack_rows(ride, result, rides) if ride else ([], None)
    worst = [each for each in rows if each["is_hit"]]
    return {
        **_in_words([row], tags),
        "title": row["title"],
        "select": _selected(row, worst),
        "is_power": row["is_power"],
        "loop": ride["loops"][0]["loop"] if ride and len(ride["loops"]) == 1 else "",
        "figures": _figures(row),
        "racks": (worst or rows)[:RACKS_SHOWN],
        "racks_left_out": max(0, len(worst or rows) - RACKS_SHOWN),
        "is_hit": bool(worst),
        "is_cooler": row["kind"] in HEAT_REJECTION,
        "charted": charted,
        "over": [{"id": each, "tag": tags.get(each) or each} for each in row["over"]],
    }


def _selected(row: Row, worst: Sequence[Row]) -> str:
    """Ids to select in the editor: the element itself, else the racks that it starves."""
    if row["kind"] in NOT_DRAWN:
        return ",".join(each["id"] for each in worst[:RACKS_SHOWN])
    return str(row["id"])


def _figures(row: Row) -> list[dict[str, str]]:
    found = [
        ("IT power lost", number(row["lost_kw"]), "kW"),
        ("Sold tokens lost", millions(row["tokens_per_s"]), "M tok/s"),
        ("Racks dark", number(row["dark"]), ""),
        ("Racks on one side", number(row["one_side"]), ""),
        ("Racks short of coolant", number(row["short"]), ""),
    ]
    if row["is_followed"]:
        found += [
            ("First alarm", clock(row["alarm_s"]), ""),
            ("First rack slows down", clock(row["throttle_s"]), ""),
            ("First rack trips", clock(row["trip_s"]), ""),
        ]
    if settled := row["settled"]:
        found += [
            ("Coolant settles at", number(settled["supply_c"], 1), "°C"),
            ("Warmest return", number(settled["return_c"], 1), "°C"),
            ("at which that rack slows down", number(settled["return_allowed_c"], 1), "°C"),
            ("CDUs left are rated for", number(settled["capacity_left_kw"]), "kW"),
            ("of the loop's", number(settled["heat_kw"]), "kW"),
        ]
    if row["head_kpa"] is not None:
        found += [
            ("Head that the loop asks for", number(row["head_kpa"][0]), "kPa"),
            ("that the pumps left hold", number(row["head_kpa"][1]), "kPa"),
        ]
    if row["worst_fraction"] is not None:
        found.append(("Fullest node", number(100.0 * row["worst_fraction"]), "% of its limit"))
    return [{"label": label, "text": text, "unit": unit} for label, text, unit in found]


def _back(ride: Mapping[str, Any]) -> str:
    words = []
    if ride["pumps_back_s"] is not None:
        words.append(f"pumps are back after {clock(ride['pumps_back_s'])}")
    if ride["heat_sink_back_s"] is not None:
        words.append(f"heat rejection is back after {clock(ride['heat_sink_back_s'])}")
    return " and ".join(words)


def _rack_rows(
    loss: Mapping[str, Any], result: Mapping[str, Any], rides: Mapping[str, Any]
) -> tuple[list[Row], Mapping[str, Any]]:
    """Racks of all loops of a loss, the first to trip first; and the ride of the worst loop."""
    table = result["elements"]["racks"]
    allowed = 1.0 - inputs_of(rides)["tcs.deficit_warn_fraction"]
    place = {id_: i for i, id_ in enumerate(table["id"])}
    rows: list[Row] = []
    for part in loss["loops"]:
        ride = rides["rides"][part["ride"]]
        for i, id_ in enumerate(part["rack_ids"]):
            asked, given = table["flow_lpm"][place[id_]], table["given_flow_lpm"][place[id_]]
            left = ride["left_fraction"][i] * given
            rows.append(
                {
                    "id": id_,
                    "tag": rides["rack_tags"].get(id_) or id_,
                    "loop": part["loop"],
                    "asked": number(asked, 1),
                    "left": number(left, 1),
                    "percent": number(100.0 * left / asked) if asked else ABSENT,
                    "most_c": number(ride["most_c"][i], 1),
                    "throttle": clock(ride["throttle_s"][i]),
                    "trip": clock(ride["trip_s"][i]),
                    "is_hit": (ride["left_fraction"][i] < 0.999 and left < allowed * asked)
                    or ride["throttle_s"][i] is not None,
                    "key": (
                        FAR if ride["trip_s"][i] is None else ride["trip_s"][i],
                        FAR if ride["throttle_s"][i] is None else ride["throttle_s"][i],
                        ride["left_fraction"][i],
                        -ride["most_c"][i],
                    ),
                }
            )
    rows.sort(key=lambda each: each["key"])
    first = next(part for part in loss["loops"] if rows[0]["id"] in part["rack_ids"])
    return rows, {"part": first, "ride": rides["rides"][first["ride"]]}


def inputs_of(rides: Mapping[str, Any]) -> dict[str, float]:
    """The lines that the rides stand on, by name."""
    return {each["name"]: each["value"] for each in rides["inputs"]}


def kinds_of(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The kinds there are, for a list of choices."""
    found = sorted({(row["kind"], row["kind_name"]) for row in rows}, key=lambda each: each[1])
    return [("power", "all of power"), ("cooling", "all of cooling"), *found]


def summary(rows: Sequence[Row]) -> list[dict[str, str]]:
    """The sweep in four figures."""
    held = [row for row in rows if not row["lost_kw"] and not row["over"]]
    worst = max((row["lost_kw"] for row in rows), default=0.0)
    trips = [row["trip_s"] for row in rows if row["trip_s"] is not None]
    return [
        {"label": "Losses looked at", "text": number(len(rows)), "unit": ""},
        {"label": "that cost no IT power", "text": number(len(held)), "unit": ""},
        {"label": "Most that one takes", "text": number(worst), "unit": "kW of IT"},
        {"label": "Soonest trip", "text": clock(min(trips, default=None)), "unit": ""},
    ]
