"""The database-bound tests on a PostgreSQL of their own: ``python -m tests.postgres``.

The server has its own data folder and socket, listens on no port, and is stopped by
its process id. PostgreSQL refuses to run as root, so root hands it to another user.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What locks, numbers, retries, constrains or triggers; the rest is the same on any database.
DATABASE_BOUND = (
    "tests/accounts",
    "tests/audit",
    "tests/evidence",
    "tests/notices",
    "tests/sharing",
    "tests/reviews",
    "tests/layouts/test_append.py",
    "tests/layouts/test_branches.py",
    "tests/layouts/test_concurrency.py",
    "tests/layouts/test_design_api.py",
    "tests/layouts/test_log_machine.py",
    "tests/layouts/test_sockets.py",
    "tests/layouts/test_trail.py",
    "tests/analysis/test_jobs.py",
    "tests/reports/test_orders.py",
)
START_LIMIT_S = 30.0


def binaries() -> Path | None:
    """The folder with the newest PostgreSQL of this machine."""
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return installed[-1].parent if installed else None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A running server; gives its DATABASE_URL."""
    programs = binaries()
    assert programs is not None
    user = _other_user() if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    options = ["-U", "plenum", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run(
        [programs / "initdb", "-D", data, *options],
        check=True,
        user=user,
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": folder,
        "fsync": "off",
        "max_connections": 60,
        "log_min_messages": "fatal",
    }
    process = subprocess.Popen(
        [programs / "postgres", "-D", data, *(f"--{k}={v}" for k, v in settings.items())],
        user=user,
        cwd=folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + START_LIMIT_S
        ready = [programs / "pg_isready", "-q", "-h", folder, "-U", "plenum", "-d", "postgres"]
        while subprocess.run(ready, check=False).returncode:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("PostgreSQL did not start.")
            time.sleep(0.1)
        yield f"postgresql://plenum@/postgres?host={folder}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _other_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def main(arguments: list[str]) -> int:
    """Run pytest on what depends on the database, or on the arguments."""
    if arguments == ["--is-possible"]:
        return 0 if binaries() else 1
    with tempfile.TemporaryDirectory(prefix="plenum-pg-") as folder, server(Path(folder)) as url:
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup"]
        return subprocess.run(
            [*command, *(arguments or DATABASE_BOUND)],
            check=False,
            env={**os.environ, "DATABASE_URL": url},
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
