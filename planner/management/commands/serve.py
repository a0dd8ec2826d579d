"""All of Plenum on this machine: broker, worker and web server, with one link to open."""

import fcntl
import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from accounts import selectors, services
from engine.errors import PlannerError, Unavailable
from planner import parts
from planner.supervisor import Supervisor

HOST = "127.0.0.1"


class AlreadyRuns(Unavailable):
    """Another `serve` holds the data folder."""

    code = "already-runs"
    title = "Plenum already runs"


class Command(BaseCommand):
    """Serves until Ctrl-C or SIGTERM."""

    help = "Run everything on this machine and print the link to open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument(
            "--port", type=int, help=f"listen there ({settings.PORT} or the next free one)"
        )

    def handle(self, *args: Any, port: int | None, **options: Any) -> None:
        """Start the parts, print the link, and stay until asked to stop."""
        try:
            parts.check_folder(settings.DATA_DIR)
            with _alone(settings.DATA_DIR / "serve.lock"):
                self._serve(port)
        except PlannerError as error:
            self.stderr.write(error.detail)
            sys.exit(1)

    def _serve(self, port: int | None) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        wanted = port or settings.PORT
        listener = parts.listen(HOST, wanted, is_chosen=port is not None)
        actual = listener.getsockname()[1]
        if actual != wanted:
            self.stdout.write(f"Port {wanted} is taken; using {actual}.")
        supervisor = Supervisor(
            environment={
                **os.environ,
                "PLENUM_PORT": str(actual),
                "PLENUM_DATA": str(settings.DATA_DIR),
                "DJANGO_SETTINGS_MODULE": "planner.settings",
            },
            folder=Path(settings.BASE_DIR),
            report=self.stderr.write,
        )
        signal.signal(signal.SIGINT, supervisor.stop_soon)
        signal.signal(signal.SIGTERM, supervisor.stop_soon)
        try:
            supervisor.start(
                [
                    parts.broker_part(settings.VALKEY_SOCKET, settings.DATA_DIR / "valkey"),
                    parts.worker_part(settings.DATA_DIR),
                    parts.web_part(listener),
                ]
            )
            if not supervisor.is_stopping:
                self._announce(actual)
                supervisor.run()
        finally:
            supervisor.stop()
            listener.close()

    def _announce(self, port: int) -> None:
        home = f"http://{HOST}:{port}"
        person = selectors.first_admin()
        if not selectors.is_set_up():
            link = f"{home}/setup#{services.make_setup_key()}"
            self.stdout.write("Plenum is ready. Open this link to make your account:")
        elif person is not None:
            link = f"{home}/enter#{services.make_enter_key(user=person)}"
            self.stdout.write(f"Plenum is ready. This link signs {person.username} in, once:")
        else:
            link = f"{home}/"
            self.stdout.write("Plenum is ready:")
        connections.close_all()
        self.stdout.write(f"\n    {link}\n\nCtrl-C stops it.")
        self.stdout.flush()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    # The lock goes with the process, however it ends.
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise AlreadyRuns(
                f"Plenum already runs on this data folder (process {lock.read().strip()}):"
                " stop that one first, or set PLENUM_DATA to another folder."
            ) from error
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield
