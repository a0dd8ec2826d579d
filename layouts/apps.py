"""Django's handle on this package."""

from django.apps import AppConfig


class LayoutsConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "layouts"
    default_auto_field = "django.db.models.BigAutoField"
