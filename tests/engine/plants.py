"""Small plants for tests, and the power result that a step needs."""

import numpy as np

from engine.evaluation import NodeLoads, PowerResult, Side, Sides
from engine.plant import Boxes, Cdus, Loops, Plant, Racks, Site

EMPTY = np.zeros(0)


def power_of(plant):
    """A power result of lossless supply on the plant's basis."""
    racks = plant.racks
    kw = getattr(racks, f"{plant.site.basis}_kw") * plant.site.heat_load_fraction
    side = Side(normal_kw=0.0, other_lost_kw=0.0)
    nodes = NodeLoads(
        id=(),
        kind=(),
        tag=(),
        side=(),
        rating_kw=EMPTY,
        limit_kw=EMPTY,
        normal_kw=EMPTY,
        worst_kw=EMPTY,
        loss_kw=EMPTY,
        status=(),
    )
    return PowerResult(
        basis=plant.site.basis,
        it_kw=float(kw.sum()),
        compute_kw=0.9 * float(kw.sum()),
        loss_kw=0.0,
        mechanical_kw=0.0,
        sides=Sides(a=side, b=side),
        nodes=nodes,
        chain=(),
        rack_kw=kw,
    )


def liquid_pod(
    *,
    racks=8,
    rack_kw=132.0,
    liquid_kw=115.0,
    cdus=3,
    cdu_kw=500.0,
    cdu_lpm=0.0,
    gpu="gb300",
    redundancy=1,
    site=None,
    **more,
):
    """Racks on one coolant loop with equal CDUs, as a planner first draws them."""
    ids = tuple(f"rack-{i:02}" for i in range(racks))
    columns = {
        "flow_lpm_per_kw": np.full(racks, 1.5),
        "loop": np.zeros(racks, dtype=int),
        "gpu": np.zeros(racks, dtype=int),
        "gpu_count": np.full(racks, 72),
        **more.pop("rack_columns", {}),
    }
    return Plant(
        site=site or Site(),
        boxes=Boxes(
            id=ids,
            kind=("rack",) * racks,
            corners_mm=[
                [[600 * i, 0], [600 * i + 600, 0], [600 * i + 600, 1200], [600 * i, 1200]]
                for i in range(racks)
            ],
        ),
        racks=Racks(
            id=ids,
            tag=tuple(f"R{i + 1:02}" for i in range(racks)),
            box=range(racks),
            nameplate_kw=np.full(racks, rack_kw),
            tdp_kw=np.full(racks, rack_kw),
            sustained_kw=np.full(racks, rack_kw),
            peak_kw=np.full(racks, rack_kw),
            liquid_fraction=np.full(racks, liquid_kw / rack_kw),
            **columns,
        ),
        cdus=Cdus(
            id=tuple(f"cdu-{i}" for i in range(cdus)),
            capacity_kw=np.full(cdus, cdu_kw),
            flow_lpm=np.full(cdus, cdu_lpm),
            loop=np.zeros(cdus, dtype=int),
        ),
        loops=Loops(id=("TCS-1",), redundancy=(redundancy,)),
        **{"gpus": (gpu,), **more},
    )
