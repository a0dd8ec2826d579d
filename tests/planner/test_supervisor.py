"""The supervisor keeps its parts alive, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from planner import parts
from planner.supervisor import Part, PartFailed, Supervisor, end_leftovers

PATIENCE_S = 20.0


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def part(tmp_path: Path, script: str, *words: str, name: str = "part") -> Part:
    """A program that writes down each of its starts, then does what the script says."""
    log = tmp_path / name
    note = f"import os,time,signal; open({str(log)!r},'a').write(str(os.getpid())+' ');"
    return Part(
        name=name,
        command=[sys.executable, "-c", note + script, *words],
        is_ready=lambda: log.exists() and log.read_text().endswith(" "),
    )


def starts(tmp_path: Path, name: str = "part") -> list[int]:
    return [int(pid) for pid in (tmp_path / name).read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def supervisor(tmp_path):
    made = Supervisor(environment=os.environ, folder=tmp_path, report=lambda line: None)
    yield made
    made.stop()


def test_a_part_that_dies_is_started_again(supervisor, tmp_path):
    supervisor.start([part(tmp_path, "time.sleep(60)")])
    watch = threading.Thread(target=supervisor.run)
    watch.start()

    os.kill(starts(tmp_path)[0], signal.SIGKILL)

    until(lambda: len(starts(tmp_path)) == 2)
    # Asked while the watch runs: its thread is the parent that the part would die with.
    assert is_alive(starts(tmp_path)[1])
    supervisor.stop_soon()
    watch.join()


def test_what_a_dead_part_left_behind_goes_with_it(supervisor, tmp_path):
    forks = "os.fork() or time.sleep(60); time.sleep(60)"
    supervisor.start([part(tmp_path, "os.fork();" + forks)])
    leader = starts(tmp_path)[0]
    group = os.getpgid(leader)
    watch = threading.Thread(target=supervisor.run)
    watch.start()

    os.kill(leader, signal.SIGKILL)

    until(lambda: len(starts(tmp_path)) >= 2)
    supervisor.stop_soon()
    watch.join()
    until(lambda: not any(is_alive(pid) for pid in members(group)))


def members(group: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(entry.name)) == group:
                found.append(int(entry.name))
        except ProcessLookupError:
            continue
    return found


def test_a_part_that_cannot_start_stops_the_start(supervisor, tmp_path):
    broken = Part(
        name="broken", command=[sys.executable, "-c", "raise SystemExit(3)"], is_ready=lambda: False
    )

    with pytest.raises(PartFailed, match="broken ended at once"):
        supervisor.start([broken])


def test_stopping_leaves_nothing_even_of_a_part_that_will_not_stop(tmp_path, monkeypatch):
    monkeypatch.setattr("planner.supervisor.STOP_LIMIT_S", 2.5)
    reports: list[str] = []
    supervisor = Supervisor(environment=os.environ, folder=tmp_path, report=reports.append)
    supervisor.start(
        [
            part(tmp_path, "time.sleep(60)", name="first"),
            part(tmp_path, "signal.signal(15, signal.SIG_IGN); time.sleep(60)", name="deaf"),
        ]
    )
    pids = starts(tmp_path, "first") + starts(tmp_path, "deaf")

    supervisor.stop()

    assert not any(is_alive(pid) for pid in pids)


def test_parts_die_with_a_supervisor_that_is_killed(tmp_path):
    script = f"""
import os, sys, time
from pathlib import Path
from planner.supervisor import Supervisor
from tests.planner.test_supervisor import part
s = Supervisor(environment=os.environ, folder=Path({str(tmp_path)!r}), report=print)
s.start([part(Path({str(tmp_path)!r}), "time.sleep(60)")])
s.run()
"""
    root = Path(__file__).resolve().parents[2]
    launcher = subprocess.Popen([sys.executable, "-c", script], cwd=root)
    until(lambda: (tmp_path / "part").exists() and starts(tmp_path))

    launcher.kill()
    launcher.wait()

    until(lambda: not is_alive(starts(tmp_path)[0]))


def test_leftovers_are_known_by_their_mark_alone(tmp_path):
    mark, other = f"plenum-{tmp_path.name}-a", f"plenum-{tmp_path.name}-b"
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    ours = subprocess.Popen([*sleep, mark])
    theirs = subprocess.Popen([*sleep, other])
    try:
        until(lambda: Path(f"/proc/{ours.pid}/cmdline").read_bytes().count(mark.encode()))

        assert end_leftovers(mark) == 1
        assert ours.wait() == -signal.SIGKILL
        assert theirs.poll() is None
    finally:
        theirs.kill()
        theirs.wait()


def test_a_chosen_port_that_is_taken_is_said():
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(parts.PortTaken, match="choose a free one with --port"),
    ):
        parts.listen("127.0.0.1", taken.getsockname()[1], is_chosen=True)


def test_a_port_nobody_chose_gives_way_to_the_next():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with parts.listen("127.0.0.1", port, is_chosen=False) as listener:
            assert port < listener.getsockname()[1] < port + parts.PORTS_TRIED


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(parts.FolderUnusable, match="set PLENUM_DATA"):
        parts.check_folder(tmp_path / "file" / "data")


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "LEAST_FREE_BYTES", 1 << 62)

    with pytest.raises(parts.FolderUnusable, match="MB are free"):
        parts.check_folder(tmp_path)
