"""Weather that an organisation keeps."""

import uuid

from django.conf import settings
from django.db import models


class WeatherFile(models.Model):
    """A year of hours out of one uploaded file; never changed, only removed.

    `digest` is the SHA-256 over the hours and is what designs name: equal hours are kept once
    in an organisation. `body` is the gzipped JSON of the hours.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    elevation_m = models.FloatField()
    latitude_deg = models.FloatField(null=True)
    longitude_deg = models.FloatField(null=True)
    hours = models.PositiveIntegerField()
    filled_hours = models.PositiveIntegerField()
    mean_dry_bulb_c = models.FloatField()
    design_dry_bulb_c = models.FloatField()
    design_wet_bulb_c = models.FloatField()
    body = models.BinaryField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = "weather file"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "digest"], name="one_weather_per_organisation_and_digest"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.file_name})"
