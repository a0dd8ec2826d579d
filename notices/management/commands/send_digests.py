"""Sends the daily e-mails that are due: `manage.py send_digests`."""

from typing import Any

from django.core.management.base import BaseCommand

from notices import digests


class Command(BaseCommand):
    """What the worker's sweep does, by hand or from a timer of the machine."""

    help = "Send every daily e-mail that is due."

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say how many went out."""
        self.stdout.write(f"{digests.send_due()} sent.")
