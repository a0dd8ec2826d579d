"""Checks that the trail is what was written: `manage.py verify_audit`."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from audit import selectors
from audit.models import Event

SHOWN = 50


class Command(BaseCommand):
    """Exit 0 if every row is whole and in place, 1 with the rows named if not."""

    help = "Find rows of the audit trail that were changed, removed or put in another order."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where the seals were noted."""
        parser.add_argument(
            "--witness",
            type=Path,
            default=Path(settings.AUDIT_WITNESS),
            help="file of seals noted outside the database (default: the one in use)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and say what is wrong."""
        found = list(selectors.check(options["witness"]))
        for fault in found[:SHOWN]:
            self.stderr.write(f"{fault.kind}: {fault.detail}")
        if len(found) > SHOWN:
            self.stderr.write(f"... and {len(found) - SHOWN} more.")
        if found:
            raise SystemExit(1)
        self.stdout.write(f"{Event.objects.count():,} rows, all whole and in place.")
