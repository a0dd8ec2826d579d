"""The fixed-feed question as a page shows it: a table, a chart, and every assumption named."""

from collections.abc import Mapping
from typing import Any, Final

from economics.asking import Asked
from economics.cost_charts import bars
from engine.cost.feed import carried, policies
from engine.cost.survey import Survey
from engine.errors import Invalid

DEFAULT_CAP: Final = 0.8


def feed_view(chosen: Asked, found: Survey, query: Mapping[str, str]) -> dict[str, Any]:
    """What a feed carries; a reason in place of figures where there is nothing to carry."""
    basis = chosen.case.basis
    if not basis.fleets:
        return {"reason": "No throughput yet: no rack on the plan carries GPUs."}
    own_mw = basis.facility_kw / 1e3
    feed_mw = _number(query.get("feed", ""), own_mw)
    cap = _number(query.get("cap", ""), DEFAULT_CAP)
    fleet = basis.fleets[0]
    sustained = fleet.it_kw / fleet.racks / min(basis.heat_load_fraction, 1.0)
    nameplate = max(found.nameplate_rack_kw, sustained)
    warmest = max(found.supplies) if found.supplies else None
    pue = basis.facility_kw / basis.it_kw
    warm = pue if warmest is None else found.supplies[warmest].design_pue
    try:
        ways = policies(
            chosen.case, {"nameplate": nameplate, "sustained": sustained}, cap, (pue, warm)
        )
        rows = carried(chosen.case, feed_mw, ways)
    except Invalid as error:
        return {"reason": error.detail, "feed": f"{feed_mw:g}", "cap": f"{cap:g}"}
    if not rows:
        reason = chosen.case.compute().reason
        return {"reason": reason, "feed": f"{feed_mw:g}", "cap": f"{cap:g}"}
    return {
        "reason": None,
        "feed": f"{feed_mw:.4g}",
        "cap": f"{cap:g}",
        "own": f"{own_mw:,.2f}",
        "gpu": fleet.gpu.upper(),
        "speed": f"{chosen.case.speed():g}",
        "warmest": "" if warmest is None else f"{warmest:g}",
        "rows": [
            {
                "label": row.policy.label,
                "assumption": row.policy.assumption,
                "rack": f"{row.policy.rack_it_kw:,.1f}",
                "pue": f"{row.policy.pue:.3f}",
                "racks": f"{row.racks:,}",
                "gpus": f"{row.gpus:,}",
                "tokens": f"{row.tok_s / 1e6:,.2f}",
                "per_mw": f"{row.tok_s_per_mw_facility / 1e6:,.3f}",
                "gain": "–" if place == 0 else f"{row.gain:+.1%}",
            }
            for place, row in enumerate(rows)
        ],
        "chart": bars(
            [row.policy.label.replace(" and ", "<br>and ") for row in rows],
            [row.tok_s / 1e6 for row in rows],
            "M tok/s at the speed asked for",
        ),
    }


def _number(text: str, otherwise: float) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return otherwise
    return value if 0.0 < value < 1e6 else otherwise
