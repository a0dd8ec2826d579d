"""What is wrong with the air of the halls: capacity whole, and with the largest unit lost."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from engine.cooling.air import AirSide
from engine.findings import Finding, apart
from engine.plant import Plant

SLACK: Final = 1e-9


def air_findings(plant: Plant, rooms: AirSide) -> Iterator[Finding]:
    """Halls that give more heat to the air than their air handlers take.

    Parameters
    ----------
    plant : Plant
        Halls, racks and air handlers.
    rooms : AirSide
        Demand and capacity of each hall's air.

    Yields
    ------
    Finding
        At most one of each hall.

    Notes
    -----
    Definition. Blocking where air handlers are drawn, a warning where none is: a sketch may leave
    them out.
    """
    for zone, heat in enumerate(rooms.zone_heat_kw.tolist()):
        if heat <= 0.0:
            continue
        capacity, left = float(rooms.zone_capacity_kw[zone]), float(rooms.zone_left_kw[zone])
        units = int(rooms.zone_units[zone])
        place = _place(plant, rooms, zone)
        if heat > capacity * (1.0 + SLACK):
            asked, given = apart(heat, capacity)
            yield Finding(
                rule="COOL-AIR-CAP",
                severity="blocking" if units else "warning",
                discipline="cooling",
                title=f"{place} gives more heat to the air than its air handlers take",
                detail=(
                    f"{asked:,.0f} kW against {given:,.0f} kW of {units} air "
                    f"handler{'s' if units > 1 else ''}. Once one is drawn, those that are drawn "
                    "have to take all of the hall's heat, and its racks with heat to the air "
                    "count as starved until they do: add air handlers, or larger ones. With none "
                    "drawn, the figures assume enough of them."
                    if units
                    else f"{heat:,.0f} kW go to room air and no air handler is drawn: the figures "
                    "assume enough of them until the first one is."
                ),
                source="Heat balance of the room",
                measured=heat,
                required=capacity,
                unit="kW",
                element_ids=_zone_ids(plant, rooms, zone),
            )
        elif heat > left * (1.0 + SLACK):
            asked, given = apart(heat, left)
            yield Finding(
                rule="COOL-AIR-N1",
                severity="warning",
                discipline="cooling",
                title=f"The air handlers of {place} are not N+1",
                detail=f"With the largest one lost {given:,.0f} kW remain against {asked:,.0f} kW.",
                clause="lose one",
                source="Capacity with the largest unit lost",
                measured=heat,
                required=left,
                unit="kW",
                element_ids=_zone_ids(plant, rooms, zone),
            )


def _place(plant: Plant, rooms: AirSide, zone: int) -> str:
    if rooms.zone_heat_kw.size == 1:
        return "The design" if len(plant.halls) != 1 else plant.halls.name[0] or "The hall"
    if zone == len(plant.halls):
        return "The area outside every hall"
    return plant.halls.name[zone] or plant.halls.id[zone]


def _zone_ids(plant: Plant, rooms: AirSide, zone: int) -> tuple[str, ...]:
    units = np.flatnonzero(rooms.unit_zone == zone).tolist()
    if units:
        return tuple(plant.air_handlers.id[i] for i in units)
    return tuple(plant.racks.id[i] for i in np.flatnonzero(rooms.rack_zone == zone).tolist())
