"""What the commands that read a design file share: no server, no broker, no database."""

import json
import sys
from abc import abstractmethod
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandParser

from analysis.assemble import assemble
from analysis.design_file import OpenDesign, open_design, read_bytes
from catalog.selectors import shipped_products
from engine.errors import NotFound, PlannerError
from engine.evaluate import evaluate
from engine.evaluation import Evaluation, Level
from engine.yearly import NO_WEATHER
from layouts.errors import FileRefused
from layouts.gate import parsed_json
from layouts.samples import SAMPLES, sample_file
from weather.samples import sample_or_reason

LEVELS: tuple[Level, ...] = get_args(Level)
BAD_FILE = 2


def read_design(file: str | None, sample: str | None) -> OpenDesign:
    """The design that the command line names.

    Raises
    ------
    PlannerError
        If it names none, or one that can not be read.
    """
    if (file is None) == (sample is None):
        raise FileRefused("Name either a design file or a sample.")
    content = parsed_json(read_bytes(Path(file))) if file is not None else sample_file(str(sample))
    return open_design(content, shipped_products())


def evaluate_design(design: OpenDesign, level: Level, as_of: date) -> Evaluation:
    """The evaluation of an open design; waivers are judged by a day."""
    plant, assumptions = assemble(
        design.document, design.products, name=design.name, rule_set=design.rule_set
    )
    weather, why_not = (
        sample_or_reason(plant.site.weather) if plant.site.weather else (None, NO_WEATHER)
    )
    return evaluate(plant, assumptions, level, as_of=as_of, weather=weather, why_no_weather=why_not)


def problem(error: PlannerError) -> dict[str, Any]:
    """An error as one RFC 9457 object."""
    is_missing = isinstance(error, NotFound)
    status = HTTPStatus.NOT_FOUND if is_missing else HTTPStatus.UNPROCESSABLE_ENTITY
    return {
        **error.context,
        "type": f"/docs/problems/{error.code}",
        "title": error.title,
        "status": int(status),
        "detail": error.detail,
        "code": error.code,
    }


class DesignCommand(BaseCommand):
    """Evaluates a design file or a sample. A bad file: one problem on stderr, exit 2."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """A file or a sample, and how deep to look."""
        parser.add_argument("file", nargs="?", help="a design file (plenum.design/1)")
        parser.add_argument("--sample", choices=SAMPLES, help="a shipped sample in its place")
        parser.add_argument("--level", choices=LEVELS, default="study", help="how deep to look")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            default=date.today(),
            help="the day that waivers are judged by (YYYY-MM-DD), default today",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate, print, and leave with the command's own exit code."""
        try:
            design = read_design(options["file"], options["sample"])
            code = self.report(evaluate_design(design, options["level"], options["as_of"]))
        except PlannerError as error:
            self.stderr.write(json.dumps(problem(error), default=str))
            sys.exit(BAD_FILE)
        if code:
            sys.exit(code)

    @abstractmethod
    def report(self, evaluation: Evaluation) -> int:
        """Print what was found; the exit code."""
