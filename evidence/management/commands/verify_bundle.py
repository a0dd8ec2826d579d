"""Works an audit bundle out again: `manage.py verify_bundle FILE`. No server, no database."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from analysis.console import BAD_FILE, problem
from analysis.design_file import read_bytes
from catalog.selectors import shipped_products
from engine.errors import PlannerError
from evidence import bundle
from layouts.gate import parsed_json


class Command(BaseCommand):
    """Exit 0 if every part is whole and gives the same bytes, 1 if not, 2 if it is no bundle."""

    help = "Check an audit bundle, and evaluate its design again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Open, work out again, compare."""
        try:
            found = bundle.opened(read_bytes(options["file"]))
            design = parsed_json(found.parts[bundle.DESIGN])
            wrong = bundle.differences(found, design, shipped_products())
        except PlannerError as error:
            self.stderr.write(json.dumps(problem(error), default=str))
            sys.exit(BAD_FILE)
        for each in wrong:
            self.stderr.write(each)
        if wrong:
            sys.exit(1)
        manifest = found.manifest
        self.stdout.write(
            f"{manifest['design']['name']}, revision {manifest['revision']}: every part is whole, "
            f"and the evaluation has the same bytes."
        )
