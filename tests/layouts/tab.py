"""A browser tab's end of a WebSocket, without a server in between."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class Tab:
    """Speaks to an ASGI application as one open page does."""

    def __init__(self, application: Any, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "websocket",
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
            "client": ("127.0.0.1", 50_000),
        }
        self._ends = ApplicationCommunicator(application, scope)

    async def open(self) -> tuple[bool, int | None]:
        """Shake hands: whether it opened, and the close code if not."""
        await self._ends.send_input({"type": "websocket.connect"})
        answer = await self.receive()
        return answer["type"] == "websocket.accept", answer.get("code")

    async def send(self, message: Any) -> None:
        """Send a JSON message."""
        await self.send_text(json.dumps(message))

    async def send_text(self, text: str) -> None:
        """Send a frame as it is."""
        await self._ends.send_input({"type": "websocket.receive", "text": text})

    async def receive(self) -> dict[str, Any]:
        """The next thing the server does."""
        answer: dict[str, Any] = await self._ends.receive_output(timeout=10)
        return answer

    async def message(self) -> dict[str, Any]:
        """The next JSON message."""
        answer = await self.receive()
        assert answer["type"] == "websocket.send", answer
        parsed: dict[str, Any] = json.loads(answer["text"])
        return parsed

    async def close_code(self) -> int:
        """The code with which the server closes."""
        answer = await self.receive()
        assert answer["type"] == "websocket.close", answer
        return int(answer["code"])

    async def hears_nothing(self) -> bool:
        """Whether nothing arrives for a moment."""
        return bool(await self._ends.receive_nothing(timeout=0.05))

    async def close(self) -> None:
        """Leave the page."""
        await self._ends.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._ends.wait(timeout=10)
