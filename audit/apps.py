"""Django's handle on this package."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"
