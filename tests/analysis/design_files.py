"""Design files written by hand, as a user of the command line would."""

from typing import Any


def id_of(n: int) -> str:
    """A stable UUIDv7."""
    return f"01985000-0000-7000-8000-{n:012x}"


def eight_racks(
    *, liquid_kw: float = 115, product_id: str = "nvidia-gb200-nvl72"
) -> dict[str, Any]:
    """Eight racks of 132 kW, most of it liquid, with three CDUs of 500 kW."""
    racks = [
        {
            "id": id_of(n + 1),
            "kind": "rack",
            "placement": {"x_mm": 3600 + 600 * n, "y_mm": 3600, "rotation_deg": 0},
            "identity": {"tag": f"R{n + 1:02d}"},
            "product": {"product_id": product_id},
            "load": {"sustained_kw": 132, "liquid_kw": liquid_kw},
            "cooling": {"loop": "TCS-1"},
        }
        for n in range(8)
    ]
    cdus = [
        {
            "id": id_of(n + 101),
            "kind": "cdu",
            "placement": {"x_mm": 9000 + 1200 * n, "y_mm": 3600, "rotation_deg": 0},
            "identity": {"tag": f"CDU-{n + 1}"},
            "product": {"product_id": "generic-cdu-600"},
            "cooling": {"loop": "TCS-1", "redundancy": 1},
            "capacity": {"capacity_kw": 500},
        }
        for n in range(3)
    ]
    hall = {
        "id": id_of(200),
        "kind": "hall",
        "outline": {"points_mm": [[0, 0], [15000, 0], [15000, 9000], [0, 9000]]},
        "identity": {"name": "Hall"},
        "hall": {"height_mm": 4000},
    }
    return {"schema": "plenum.design/1", "name": "Eight racks", "elements": [hall, *racks, *cdus]}
