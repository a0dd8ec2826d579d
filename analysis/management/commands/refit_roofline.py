"""Holds the roofline against the measured points, and fits its constants anew where asked."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from engine.tables import gpu_systems
from engine.tokens.refit import CONSTANTS, errors, held_out, refitted, single_node_points


class Command(BaseCommand):
    """Prints the error table; with --fit also new constants for one GPU. Changes no file."""

    help = "The error of the fitted roofline by GPU and model; --fit GPU fits its constants anew"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which GPU to fit, if any."""
        parser.add_argument("--fit", metavar="GPU", choices=sorted(gpu_systems()))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        chosen = single_node_points()
        systems = dict(gpu_systems())
        self._table(chosen, systems)
        gpu = options["fit"]
        if gpu is None:
            return
        systems[gpu] = refitted(chosen, gpu)
        self.stdout.write(f"\nfitted anew on {gpu}:")
        for name in CONSTANTS:
            before, after = getattr(gpu_systems()[gpu], name), getattr(systems[gpu], name)
            self.stdout.write(f"  {name:<12} {before:>9.4f} -> {after:>9.4f}")
        self._table(chosen, systems)

    def _table(self, chosen: Any, systems: Any) -> None:
        self._errors(chosen, systems)
        self.stdout.write("\nheld out: MLPerf offline, output tokens per second and GPU")
        self.stdout.write(f"{'':<34} {'results':>7} {'measured':>9} {'roofline':>9} {'ratio':>6}")
        for row in held_out(systems):
            name = f"{row.model} {row.gpu} {row.precision} {row.isl}/{row.osl}"
            self.stdout.write(
                f"{name:<34} {row.results:>7} {row.measured_tok_s_per_gpu:>9,.0f}"
                f" {row.predicted_tok_s_per_gpu:>9,.0f} {row.ratio:>6.2f}"
            )

    def _errors(self, chosen: Any, systems: Any) -> None:
        for by in ("gpu", "model"):
            self.stdout.write(f"\n{by:<20} {'points':>7} {'median':>8} {'p90':>8}")
            for row in errors(chosen, systems, by):
                self.stdout.write(
                    f"{row.name:<20} {row.count:>7} {row.median:>8.1%} {row.p90:>8.1%}"
                )
