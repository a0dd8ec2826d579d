"""Django's handle on this package."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "notices"
    default_auto_field = "django.db.models.BigAutoField"
