"""The web server of one machine: HTTP and WebSockets."""

import ipaddress
import logging
import socket
from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

LARGEST_FRAME_BYTES = 256 * 1024


class Command(BaseCommand):
    """Serves until it is told to stop."""

    help = "Serve HTTP and WebSockets (one of the parts that `serve` runs)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--fd", type=int, help="an open socket to listen on instead")

    def handle(self, *args: Any, host: str, port: int, fd: int | None, **options: Any) -> None:
        """Run uvicorn."""
        if settings.PROFILE.hosts and not _is_loopback(host):
            raise CommandError(
                "Only a server may listen beyond this machine: set PLENUM_PROFILE=server and"
                " ORIGINS=https://your.host, and put a TLS proxy in front."
            )
        config = uvicorn.Config(
            "planner.asgi:application",
            host=host,
            port=port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            # Only a server stands behind a proxy whose headers can be believed.
            proxy_headers=settings.PROFILE.behind_proxy,
            ws_max_size=LARGEST_FRAME_BYTES,
            ws_ping_interval=25,
            timeout_graceful_shutdown=3,
        )
        sockets = None if fd is None else [socket.socket(fileno=fd)]
        _Server(config).run(sockets=sockets)


class _Server(uvicorn.Server):
    """Stops without complaint about what it cuts off."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; browsers that are still connected come back by themselves."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
