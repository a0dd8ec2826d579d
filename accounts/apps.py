"""Django's handle on this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
