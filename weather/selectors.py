"""Which weather there is to choose from, and its hours."""

import gzip
import json
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Organisation, User
from accounts.permissions import can, organisations_of
from engine.climate.weather import WeatherYear, weather_year
from layouts.errors import OrganisationNotFound
from weather.errors import WeatherNotFound
from weather.models import WeatherFile
from weather.samples import SAMPLES, folder, sample_year


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Hours that a design may name."""

    id: str
    label: str


def choices_for(organisation: Organisation) -> list[Choice]:
    """Every year that designs of an organisation may be run with: its own, then the samples."""
    own = [
        Choice(id=row.digest, label=f"{row.name} ({row.file_name})")
        for row in WeatherFile.objects.filter(organisation=organisation).order_by("name", "pk")
    ]
    samples = [Choice(id=sample.id, label=f"{sample.name} (sample)") for sample in SAMPLES.values()]
    return [*own, *(samples if folder() else [])]


def files_for(actor: User) -> QuerySet[WeatherFile]:
    """The weather files of the actor's organisations, newest first."""
    return (
        WeatherFile.objects.filter(organisation__in=organisations_of(actor))
        .select_related("organisation", "uploaded_by")
        .defer("body")
        .order_by("-uploaded_at", "-pk")
    )


def organisations_to_upload(actor: User) -> list[Organisation]:
    """Where the actor may put a weather file."""
    return [each for each in organisations_of(actor).order_by("name") if can(actor, "edit", each)]


def organisation_for(actor: User, organisation_id: UUID) -> Organisation:
    """An organisation that the actor may know of.

    Raises
    ------
    NotFound
        If there is none, or the actor may not know of it.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None or not can(actor, "view", organisation):
        raise OrganisationNotFound("There is no such organisation, or you have no access to it.")
    return organisation


def file_for(actor: User, file_id: UUID) -> WeatherFile:
    """A weather file that the actor may know of.

    Raises
    ------
    NotFound
        If there is none, or the actor may not know of it.
    """
    row = WeatherFile.objects.select_related("organisation").filter(pk=file_id).first()
    if row is None or not can(actor, "view", row):
        raise WeatherNotFound("There is no such weather file, or you have no access to it.")
    return row


def year_named(organisation_id: UUID, weather_id: str) -> WeatherYear:
    """The hours that a design of an organisation names.

    Raises
    ------
    WeatherNotFound
        If the organisation has none of that name.
    """
    if weather_id in SAMPLES:
        return sample_year(weather_id)
    row = WeatherFile.objects.filter(organisation_id=organisation_id, digest=weather_id).first()
    if row is None:
        raise WeatherNotFound(
            "The weather that this design names is not among the files of its organisation. "
            "Upload the file again, or choose other hours under The year.",
            weather=weather_id,
        )
    hours = json.loads(gzip.decompress(bytes(row.body)))
    return weather_year(
        row.name,
        hours["dry_bulb_c"],
        hours["dew_point_c"],
        hours["pressure_pa"],
        elevation_m=row.elevation_m,
        latitude_deg=row.latitude_deg,
        longitude_deg=row.longitude_deg,
        source=row.source,
        filled_hours=row.filled_hours,
    )


def year_or_reason(organisation_id: UUID, weather_id: str) -> tuple[WeatherYear | None, str]:
    """The hours that a design names, or what to say where there are none."""
    try:
        return year_named(organisation_id, weather_id), ""
    except WeatherNotFound as error:
        return None, error.detail


def digests_of(organisation_id: UUID) -> list[str]:
    """What years depend on besides their design: which weather there is to find."""
    own = WeatherFile.objects.filter(organisation_id=organisation_id).order_by("digest")
    return [*own.values_list("digest", flat=True), *(SAMPLES if folder() else ())]
