"""One command, one link: the real thing, with broker, worker and web server."""

import http.client
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
EMBEDDED = {"ORIGINS": "", "BROKER_URL": "", "LAYER_URL": "", "CACHE_URL": "", "DATABASE_URL": ""}
pytestmark = pytest.mark.xdist_group("serve")


def serve(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", *words],
        env={**os.environ, **EMBEDDED, "PLENUM_DATA": str(folder)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def link_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError(process.stderr.read() if process.stderr else "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    # Long enough that the socket must go elsewhere.
    return tmp_path_factory.mktemp("a folder with spaces") / ("d" * 80)


@pytest.fixture(scope="module")
def running(folder) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = serve(folder)
    try:
        yield process, link_of(process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_S)


def ready(home: str) -> dict[str, str]:
    try:
        with urllib.request.urlopen(f"{home}/readyz", timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def until_ready(home: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while ready(home)["status"] != "ok":
        assert time.monotonic() < deadline, ready(home)
        time.sleep(0.2)


def part_of(process: subprocess.Popen[str], word: str) -> int:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except FileNotFoundError:
            continue
        if parent == process.pid and any(word in each for each in words):
            return int(entry.name)
    raise AssertionError(f"no {word} under {process.pid}")


def set_up(link: str) -> http.client.HTTPResponse:
    """Make the first account as a browser does; gives the page it lands on."""
    home, _, key = link.partition("/setup#")
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    page = browser.open(f"{home}/setup").read().decode()
    csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert csrf is not None
    fields = {
        "csrfmiddlewaretoken": csrf[1],
        "key": key,
        "name": "Ada",
        "password": "four unrelated wet words",
    }
    return browser.open(
        urllib.request.Request(
            f"{home}/setup", urllib.parse.urlencode(fields).encode(), {"Origin": home}
        )
    )


def test_the_link_leads_through_the_set_up_into_a_sample(running):
    _, link = running

    landed = set_up(link)

    assert re.search(r"/designs/[0-9a-f-]{36}/$", landed.url)
    assert landed.status == 200


def test_a_killed_worker_and_a_killed_broker_come_back(running):
    process, link = running
    home = link.partition("/setup")[0]
    until_ready(home)

    for word in ("worker", "valkey"):
        killed = part_of(process, word)
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                if part_of(process, word) != killed:
                    break
            except AssertionError:
                assert time.monotonic() < deadline
            time.sleep(0.1)

    until_ready(home)


def test_a_second_start_is_refused_in_one_sentence(running, folder):
    process, _ = running

    second = serve(folder)
    _, said = second.communicate(timeout=PATIENCE_S)

    assert second.returncode == 1
    assert f"process {process.pid}" in said
    assert len(said.strip().splitlines()) == 1


def test_a_clean_stop_leaves_nothing_and_the_next_start_knows_its_person(tmp_path):
    first = serve(tmp_path)
    try:
        set_up(link_of(first))
        pids = [part_of(first, word) for word in ("valkey", "worker", "web")]
    finally:
        first.send_signal(signal.SIGINT)
        after_link, said = first.communicate(timeout=PATIENCE_S)

    assert first.returncode == 0, said
    assert after_link.replace("Ctrl-C stops it.", "").strip() + said == ""
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not (tmp_path / "valkey.sock").exists()

    second = serve(tmp_path)
    try:
        assert "/enter#" in link_of(second)
    finally:
        second.send_signal(signal.SIGTERM)
        second.communicate(timeout=PATIENCE_S)


@pytest.mark.parametrize("data", ["/dev/null/plenum"])
def test_a_folder_that_cannot_be_used_is_said_in_one_sentence(data):
    process = serve(Path(data))
    _, said = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    assert "PLENUM_DATA" in said
    assert "Traceback" not in said
