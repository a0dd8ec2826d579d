"""A Celery worker: takes jobs from the broker and runs them."""

import gc
import warnings
from argparse import ArgumentParser
from typing import Any

from celery.exceptions import SecurityWarning
from celery.signals import worker_init
from django.conf import settings
from django.core.management.base import BaseCommand

from planner.celery import app


class Command(BaseCommand):
    """Works until it is told to stop."""

    help = "Run jobs (one of the parts that `serve` runs; more machines, more workers)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What tells this worker from others."""
        parser.add_argument("--name", default="plenum")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Run the worker."""
        # In a container everybody is root; tasks travel as JSON, which cannot carry code.
        warnings.filterwarnings("ignore", category=SecurityWarning)
        worker_init.connect(_settle_memory)
        app.worker_main(
            [
                "--quiet",
                "worker",
                "--pool=prefork",
                f"--concurrency={settings.CELERY_WORKER_CONCURRENCY}",
                f"--hostname={name}@%h",
                "--without-gossip",
                "--without-mingle",
                "--loglevel=WARNING",
            ]
        )


def _settle_memory(**_: object) -> None:
    """Take what is loaded by now out of the collector's sight.

    Walking through it again when Python ends doubles the seconds that a stop takes, and in
    the children it would copy pages that they share with their parent.
    """
    gc.collect()
    gc.freeze()
