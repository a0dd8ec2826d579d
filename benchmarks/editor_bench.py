"""The editor in a headless browser against a bare canvas that fills as many rectangles.

Both are drawn in the same browser, without a GPU and without waiting for the screen, so that a
frame takes as long as its work. The page is `frontend/test/harness/bench.html`.
"""

import gzip
import json
import os
import shutil
import subprocess
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.__main__ import Row

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
SIZES = (1_000, 10_000, 50_000)
FRAMES = 90
PAN_LIMIT = 2.0
"""A frame of panning takes at most this many times the bare fill."""
COMPARED_FROM = 5_000
"""With fewer, both frames are the browser's own work."""
FRAME_LIMIT_MS = 1000 / 30
OPEN_LIMIT_S = 2.0
SCRIPT_LIMIT_KB = 350.0
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu-vsync",
    "--disable-frame-rate-limit",
]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not worth a line."""


def run() -> list[Row]:
    """One row per promise of the editor."""
    with tempfile.TemporaryDirectory() as folder:
        page, shipped = Path(folder) / "page", Path(folder) / "shipped"
        _build(page, "--config", "test/harness/bench.config.ts")
        _build(shipped)
        return [*_frames(page), _script(shipped)]


def _build(folder: Path, *options: str) -> None:
    node = shutil.which("node", path=f"{ROOT / '.venv/node'}:{os.environ.get('PATH', '')}")
    if node is None:
        raise FileNotFoundError("node is needed to build the page; ./run finds one")
    vite = str(FRONTEND / "node_modules/vite/bin/vite.js")
    command = [node, vite, "build", "--outDir", str(folder), "--emptyOutDir", *options]
    subprocess.run(command, cwd=FRONTEND, check=True, capture_output=True)


def _frames(folder: Path) -> list[Row]:
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/bench.html"
        rows = [row for size in SIZES for row in _rows(_measure(url, size))]
        server.shutdown()
    return rows


def _measure(url: str, objects: int) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or None, args=BROWSER_ARGUMENTS
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.wait_for_function("window.bench !== undefined")
        times: dict[str, float] = page.evaluate(f"window.bench({objects}, {FRAMES})")
        browser.close()
    return times


def _rows(times: dict[str, float]) -> list[Row]:
    count = f"{times['objects']:,.0f} objects"
    pan, bare = times["pan_ms"], times["bare_ms"]
    rows = [
        _row(
            f"{name} {count}, ms per frame",
            f"{1000 / times[f'{name}_ms']:.0f} frames/s, p95 {times[f'{name}_p95_ms']:.0f} ms",
            times[f"{name}_ms"],
            FRAME_LIMIT_MS,
        )
        for name in ("pan", "drag", "zoom")
    ]
    if times["objects"] >= COMPARED_FROM:
        figure = f"{pan:.1f} / {bare:.1f} ms"
        rows.insert(0, _row(f"pan {count} / bare fill", figure, pan / bare, PAN_LIMIT))
    opened = times["opened_ms"] / 1000
    return [*rows, _row(f"open {count}, seconds", f"{opened:.2f} s", opened, OPEN_LIMIT_S)]


def _row(goal: str, figure: str, ratio: float, limit: float) -> Row:
    return Row(goal=goal, figure=figure, ratio=ratio, limit=limit, passed=ratio <= limit)


def _script(folder: Path) -> Row:
    """What the editor page loads before it can start, compressed; charts come later."""
    manifest = json.loads((folder / "manifest.json").read_text())
    wanted, files = ["src/main.ts"], set()
    while wanted:
        entry = manifest[wanted.pop()]
        if entry["file"] not in files:
            files.add(entry["file"])
            wanted += entry.get("imports", [])
    size = sum(len(gzip.compress((folder / name).read_bytes(), 9)) for name in files) / 1000
    return _row("first JavaScript, kB compressed", f"{size:.0f} kB", size, SCRIPT_LIMIT_KB)
