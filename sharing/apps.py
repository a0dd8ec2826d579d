"""Django's handle on this package."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
