"""Whether light gets through: the loss of the longest link of each tier against its limits."""

from collections.abc import Mapping
from typing import Any

from engine.assumptions import Assumptions
from engine.fabric.media import LOSS_LIMIT_DB, optical_loss_db, within_loss_limit
from engine.plain import number

MULTIMODE = "SR"


def loss_budgets(longest_m: Mapping[str, float], assumptions: Assumptions) -> list[dict[str, Any]]:
    """Loss of the longest link of each tier on every interface whose limit is known.

    Parameters
    ----------
    longest_m : mapping of str to float
        Length of the longest link of each tier. [m]
    assumptions : Assumptions
        Lines ``fabric.connector*`` and ``fabric.*_db_km``.

    Returns
    -------
    list of dict
        One entry per tier; ``interfaces`` with loss, limit and whether it is kept.

    Raises
    ------
    OutOfRange
        If a figure is negative.

    Notes
    -----
    Definition. See `engine.fabric.media.optical_loss_db`.
    """
    value = assumptions.value
    joints = value("fabric.connectors") * value("fabric.connector_db")
    return [
        {
            "tier": tier,
            "longest_m": number(length),
            "interfaces": [
                _interface(name, length, joints, value(f"fabric.{_fibre(name)}_db_km"))
                for name in LOSS_LIMIT_DB
            ],
        }
        for tier, length in longest_m.items()
    ]


def _fibre(interface: str) -> str:
    return "multimode" if MULTIMODE in interface else "singlemode"


def _interface(name: str, length_m: float, joints_db: float, db_km: float) -> dict[str, Any]:
    loss = float(optical_loss_db(length_m, db_km, joints_db))
    return {
        "name": name,
        "loss_db": number(loss),
        "limit_db": number(LOSS_LIMIT_DB[name]),
        "keeps": bool(within_loss_limit(loss, name)),
    }
