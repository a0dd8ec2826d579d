"""Django's handle on this package."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
