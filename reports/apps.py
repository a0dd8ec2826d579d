"""Django's handle on this package."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
