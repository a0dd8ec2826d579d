"""Django's handle on this package."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
