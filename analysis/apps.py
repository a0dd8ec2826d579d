"""Django's handle on this package."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "analysis"
    default_auto_field = "django.db.models.BigAutoField"
