"""The app of weather files."""

from django.apps import AppConfig


class WeatherConfig(AppConfig):
    """Weather that designs are run with."""

    name = "weather"
    default_auto_field = "django.db.models.BigAutoField"
