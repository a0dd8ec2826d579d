"""What a token costs: capex, opex, finance, and the sum of its parts.

The functions a reader looks for by name, with plain arguments; each says its formula, units and
range of validity. A whole plant goes through `engine.cost.case`.
"""

from engine.cost.finance import (
    annual_charge,
    capital_recovery,
    energy_usd_per_year,
    interest_during_construction,
    usd_per_mtok,
)
from engine.cost.fleet import (
    margin_on_cost,
    margin_on_revenue,
    optics_mw,
    split_by_pools,
    split_by_price,
    split_by_time,
)
from engine.cost.levelised import Flow, best_refresh, internal_return, levelised, residual_usd
from engine.cost.lifetime import level_payment, purchases, sold_over_life
from engine.cost.opex import board_power_fraction

__all__ = [
    "Flow",
    "annual_charge",
    "best_refresh",
    "board_power_fraction",
    "capital_recovery",
    "energy_usd_per_year",
    "interest_during_construction",
    "internal_return",
    "level_payment",
    "levelised",
    "margin_on_cost",
    "margin_on_revenue",
    "optics_mw",
    "purchases",
    "residual_usd",
    "sold_over_life",
    "split_by_pools",
    "split_by_price",
    "split_by_time",
    "usd_per_mtok",
]
