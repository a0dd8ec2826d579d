"""Django's handle on this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the app under its folder's name."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of sign-ins; the module needs models, so it cannot be imported above."""
        from accounts import sign_ins

        sign_ins.listen()
