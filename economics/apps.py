"""Django's handle on this package."""

from django.apps import AppConfig


class EconomicsConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "economics"
    default_auto_field = "django.db.models.BigAutoField"
