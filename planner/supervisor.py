"""Starts the parts of Plenum on one machine, restarts what dies, and stops them cleanly."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import Unavailable

PR_SET_PDEATHSIG = 1
READY_LIMIT_S = 60.0
STOP_LIMIT_S = 9.0
POLL_S = 0.1
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
# A part that ran this long was well: its next death starts the pauses from the shortest again.
WELL_AFTER_S = 60.0


class PartFailed(Unavailable):
    """A part of Plenum does not start."""

    code = "part-failed"
    title = "A part of Plenum does not start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One program that Plenum consists of."""

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool]
    before_start: Callable[[], None] = lambda: None
    keep_open: tuple[int, ...] = ()  # file descriptors it inherits
    is_hushed: bool = False  # says nothing of use but its errors


@dataclass(slots=True)
class Running:
    """A part with its process, and what its deaths so far ask for."""

    part: Part
    process: subprocess.Popen[bytes]
    started_at: float
    pause_s: float = FIRST_PAUSE_S
    restart_at: float | None = None


@dataclass(slots=True)
class Supervisor:
    """Keeps parts running, in the order given, until told to stop."""

    environment: Mapping[str, str]
    folder: Path
    report: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    running: list[Running] = field(default_factory=list)
    is_stopping: bool = False

    def start(self, parts: Sequence[Part]) -> None:
        """Start each part once the one before it is ready.

        Raises
        ------
        PartFailed
            If a part ends at once or is not ready in time.
        """
        for part in parts:
            self.running.append(self._launch(part, FIRST_PAUSE_S))
            self._await(self.running[-1])

    def run(self) -> None:
        """Watch the parts until `stop_soon`."""
        while not self.is_stopping:
            for place, each in enumerate(self.running):
                self.running[place] = self._watched(each)
            time.sleep(POLL_S)

    def stop_soon(self, *_signal: object) -> None:
        """Ask `start` and `run` to return; fit for a signal handler."""
        self.is_stopping = True

    def stop(self) -> None:
        """Stop the parts, last first, and kill what is left after the limit."""
        deadline = self.clock() + STOP_LIMIT_S
        # The broker goes last: the others still speak to it while they stop.
        others, broker = self.running[1:], self.running[:1]
        for group in (others, broker):
            for each in reversed(group):
                _signal_process(each.process, signal.SIGTERM)
            limit = deadline if group is broker else deadline - 2.0
            for each in reversed(group):
                self._end(each, limit)
        self.running.clear()

    def _launch(self, part: Part, pause_s: float) -> Running:
        part.before_start()
        process = subprocess.Popen(
            part.command,
            env=dict(self.environment),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if part.is_hushed else None,
            start_new_session=True,
            pass_fds=part.keep_open,
            # Safe here: the supervisor has one thread.
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )
        return Running(part, process, self.clock(), pause_s)

    def _await(self, each: Running) -> None:
        deadline = self.clock() + READY_LIMIT_S
        while not self.is_stopping:
            code = each.process.poll()
            if code is not None:
                raise PartFailed(f"The {each.part.name} ended at once (code {code}).")
            if each.part.is_ready():
                return
            if self.clock() > deadline:
                raise PartFailed(f"The {each.part.name} did not answer in {READY_LIMIT_S:.0f} s.")
            time.sleep(POLL_S / 2)

    def _watched(self, each: Running) -> Running:
        code = each.process.poll()
        if code is None:
            return each
        now = self.clock()
        if each.restart_at is None:
            # Children of a dead worker would go on taking tasks.
            _signal_group(each.process.pid, signal.SIGKILL)
            if now - each.started_at > WELL_AFTER_S:
                each.pause_s = FIRST_PAUSE_S
            each.restart_at = now + each.pause_s
            self.report(f"The {each.part.name} ended (code {code}); starting it again.")
        if now < each.restart_at:
            return each
        return self._launch(each.part, min(each.pause_s * 2, LONGEST_PAUSE_S))

    def _end(self, each: Running, deadline: float) -> None:
        try:
            each.process.wait(max(0.0, deadline - self.clock()))
        except subprocess.TimeoutExpired:
            self.report(f"The {each.part.name} did not stop in time and was ended.")
        _signal_group(each.process.pid, signal.SIGKILL)
        each.process.wait()


def _die_with_parent() -> None:
    # Runs in the child between fork and exec.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_process(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def end_leftovers(mark: str) -> int:
    """End processes of an earlier run whose supervisor was killed; returns how many.

    They are known by a mark on their command line that only this data folder gives.
    A worker in the middle of a long task outlives its supervisor otherwise.
    """
    ended = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            is_own = entry.stat().st_uid == os.getuid()
        except OSError:
            continue
        pid = int(entry.name)
        if is_own and mark.encode() in words and pid != os.getpid():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            ended += 1
    return ended
