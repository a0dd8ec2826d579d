"""Weather over HTTP."""

from datetime import datetime
from uuid import UUID

from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from accounts.auth import UserRequest
from weather import selectors, services
from weather.models import WeatherFile

router = Router(tags=["weather"])


class WeatherOut(Schema):
    """A year of hours that an organisation keeps; designs name it by its digest."""

    id: UUID
    organisation_id: UUID
    digest: str
    name: str
    source: str
    file_name: str
    elevation_m: float
    latitude_deg: float | None
    longitude_deg: float | None
    hours: int
    filled_hours: int
    mean_dry_bulb_c: float
    design_dry_bulb_c: float
    design_wet_bulb_c: float
    uploaded_at: datetime


@router.get("/weather", response=list[WeatherOut])
def get_weather(request: UserRequest) -> list[WeatherFile]:
    """The weather files of your organisations, newest first."""
    return list(selectors.files_for(request.user))


@router.post("/organisations/{uuid:organisation_id}/weather", response={201: WeatherOut})
def post_weather(
    request: UserRequest, organisation_id: UUID, file: File[UploadedFile]
) -> Status[WeatherFile]:
    """Upload an EPW, TMY3 or TMY2 file of at most 8 MB."""
    row = services.upload(
        actor=request.user,
        organisation=selectors.organisation_for(request.user, organisation_id),
        file_name=file.name or "weather",
        content=file.read(services.MAX_BYTES + 1),
    )
    return Status(201, row)


@router.delete("/weather/{uuid:file_id}", response={204: None})
def delete_weather(request: UserRequest, file_id: UUID) -> Status[None]:
    """Remove a weather file; designs that name it say that they miss it."""
    services.remove(actor=request.user, file=selectors.file_for(request.user, file_id))
    return Status(204, None)
