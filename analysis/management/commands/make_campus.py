"""`manage.py make_campus`: a campus of any size as a design file."""

import json
import math
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layouts.samples.campus import RACK, campus

LARGEST_GW = 4.0


class Command(BaseCommand):
    """Writes the design file of a campus made from parameters."""

    help = "Write the design file of a campus: about 5,600 racks per GW."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Size, rack and where to write."""
        parser.add_argument("--gw", type=float, default=1.0, help="size in GW, default 1")
        parser.add_argument("--rack", default=RACK, help="product id of the rack")
        parser.add_argument("--variant", help="variant of the rack")
        parser.add_argument("--out", type=Path, required=True, help="file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the campus and write it."""
        gw = options["gw"]
        if not math.isfinite(gw) or not 0.0 < gw <= LARGEST_GW:
            raise CommandError(f"--gw must lie between 0 and {LARGEST_GW:g}.")
        content = campus(gw=gw, rack=options["rack"], variant=options["variant"])
        try:
            options["out"].write_text(json.dumps(content, ensure_ascii=False) + "\n", "utf-8")
        except OSError as error:
            raise CommandError(f"{options['out']} can not be written: {error.strerror}.") from error
        count = len(content["elements"])
        self.stdout.write(f"{options['out']}: {content['name']}, {count:,} elements.")
