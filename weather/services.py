"""Keeping and removing weather files."""

import gzip
import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import require
from audit.services import record
from engine.climate.design import DESIGN_PERCENT, exceeded
from engine.climate.weather import WeatherYear
from layouts.gate import parsed_by
from weather import reader
from weather.hours import year_of
from weather.models import WeatherFile

MAX_BYTES = 8 * 1024 * 1024
MEMORY_BYTES = 512 * 1024 * 1024
WALL_S = 10.0


def upload(
    *, actor: User, organisation: Organisation, file_name: str, content: bytes
) -> WeatherFile:
    """Read an EPW, TMY3 or TMY2 file and keep its hours; equal hours are kept once.

    Raises
    ------
    FileRefused
        If it is none of these, or a line is wrong: the message names it.
    WeatherInvalid
        If its hours are no whole year: the message names those that are missing.
    """
    require(actor, "edit", organisation)
    read = parsed_by(reader, content, max_bytes=MAX_BYTES, memory_bytes=MEMORY_BYTES, wall_s=WALL_S)
    year = year_of(read)
    known = WeatherFile.objects.filter(organisation=organisation, digest=year.digest).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            row = WeatherFile.objects.create(
                organisation=organisation,
                digest=year.digest,
                name=year.name[:200],
                source=year.source[:200],
                file_name=file_name[:200],
                file_digest=hashlib.sha256(content).hexdigest(),
                elevation_m=year.elevation_m,
                latitude_deg=year.latitude_deg,
                longitude_deg=year.longitude_deg,
                hours=len(year),
                filled_hours=year.filled_hours,
                mean_dry_bulb_c=float(year.dry_bulb_c.mean()),
                design_dry_bulb_c=exceeded(year.dry_bulb_c, DESIGN_PERCENT),
                design_wet_bulb_c=exceeded(year.wet_bulb_c, DESIGN_PERCENT),
                body=_packed(year),
                uploaded_by=actor,
                uploaded_at=timezone.now(),
            )
            record(actor=actor, action="weather.upload", obj=row, detail={"name": row.name})
    except IntegrityError:  # the same file, at the same moment
        return WeatherFile.objects.get(organisation=organisation, digest=year.digest)
    return row


def remove(*, actor: User, file: WeatherFile) -> None:
    """Take a weather file away. Designs that name it say that they miss it."""
    require(actor, "edit", file)
    with transaction.atomic():
        record(actor=actor, action="weather.remove", obj=file, detail={"name": file.name})
        file.delete()


def _packed(year: WeatherYear) -> bytes:
    hours = {
        "dry_bulb_c": year.dry_bulb_c.tolist(),
        "dew_point_c": year.dew_point_c.tolist(),
        "pressure_pa": year.pressure_pa.tolist(),
    }
    return gzip.compress(json.dumps(hours, separators=(",", ":")).encode(), mtime=0)
