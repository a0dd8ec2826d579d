"""The socket of an open design: a doorbell, and who else is looking.

Everything a message says can also be read over HTTP. Rights are asked again whenever
something passes, at most every two seconds.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from redis.exceptions import RedisError

from accounts.models import User
from engine.errors import Forbidden, NotFound
from layouts import selectors
from layouts.live import group_of

logger = logging.getLogger(__name__)

RIGHTS_FOR_S = 2.0
MAX_FRAME_CHARACTERS = 16_384
MAX_SELECTION = 200
FRAMES_PER_S = 60.0
FRAMES_AT_ONCE = 200.0
PRESENCE_EVERY_S = 0.05

CLOSE_NOT_SIGNED_IN = 4401
CLOSE_NO_ACCESS = 4404
CLOSE_TOO_BIG = 4409
CLOSE_TOO_MANY = 4429
CLOSE_MALFORMED = 4400


class DesignConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One browser tab that has one design open."""

    async def connect(self) -> None:
        """Let in who may view the design, and say where its log stands."""
        self.design_id = UUID(str(self.scope["url_route"]["kwargs"]["design_id"]))
        self.group: str | None = None
        self.checked_at = 0.0
        self.presence_at = 0.0
        self.frames_left = FRAMES_AT_ONCE
        self.frames_at = time.monotonic()
        if not await self._may_stay(fresh=True):
            return
        await self.accept()
        # The group is joined before the head is read: no revision falls between the two.
        await self._join()
        head, role = await database_sync_to_async(self._read_head)()
        user = self.scope["user"]
        await self.send_json(
            {
                "type": "hello",
                "head": head,
                "user": {"id": str(user.pk), "name": user.username},
                "role": role,
            }
        )

    async def disconnect(self, code: int) -> None:
        """Leave, and tell the others that the cursor is gone."""
        if self.group is None:
            return
        group, self.group = self.group, None
        try:
            await self.channel_layer.group_discard(group, self.channel_name)
            await self._relay(group, {"type": "presence", "gone": True})
        except (ChannelFull, RedisError, OSError):
            logger.warning("could not leave %s", group)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Count and measure a frame before anything reads it."""
        if text_data is None or len(text_data) > MAX_FRAME_CHARACTERS:
            await self.close(CLOSE_TOO_BIG)
            return
        now = time.monotonic()
        refill = (now - self.frames_at) * FRAMES_PER_S
        self.frames_left = min(FRAMES_AT_ONCE, self.frames_left + refill) - 1
        self.frames_at = now
        if self.frames_left < 0:
            await self.close(CLOSE_TOO_MANY)
            return
        try:
            content = await self.decode_json(text_data)
        except (ValueError, RecursionError):
            await self.close(CLOSE_MALFORMED)
            return
        await self.receive_json(content)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Answer a ping, pass on a cursor; everything else is a fault of the client."""
        if not await self._may_stay():
            return
        kind = content.get("type") if isinstance(content, Mapping) else None
        if kind == "ping":
            head, _ = await database_sync_to_async(self._read_head)()
            await self.send_json({"type": "pong", "head": head})
        elif kind == "presence" and is_presence(content):
            await self._pass_on(content)
        else:
            await self.close(CLOSE_MALFORMED)

    async def design_message(self, event: Mapping[str, Any]) -> None:
        """Forward what was published about the design, if the person still may know."""
        if event.get("from") != self.channel_name and await self._may_stay():
            await self.send_json(event["message"])

    async def _join(self) -> None:
        group = group_of(self.design_id)
        try:
            await self.channel_layer.group_add(group, self.channel_name)
        except (ChannelFull, RedisError, OSError) as error:
            # Without the layer the browser still learns of revisions by its pings.
            logger.error("could not join %s: %s", group, error)
            return
        self.group = group

    async def _pass_on(self, content: Mapping[str, Any]) -> None:
        now = time.monotonic()
        if self.group is None or now - self.presence_at < PRESENCE_EVERY_S:
            return
        self.presence_at = now
        message = {
            "type": "presence",
            "cursor": content["cursor"],
            "selection": content.get("selection", []),
        }
        try:
            await self._relay(self.group, message)
        except (ChannelFull, RedisError, OSError):
            logger.warning("could not pass on presence in %s", self.group)

    async def _relay(self, group: str, message: Mapping[str, Any]) -> None:
        user = self.scope["user"]
        stamped = {
            **message,
            "user": {"id": str(user.pk), "name": user.username},
            "client": self.channel_name[-12:],
        }
        await self.channel_layer.group_send(
            group, {"type": "design.message", "message": stamped, "from": self.channel_name}
        )

    async def _may_stay(self, *, fresh: bool = False) -> bool:
        """Whether the person may still view the design; closes the socket if not."""
        now = time.monotonic()
        if not fresh and now - self.checked_at < RIGHTS_FOR_S:
            return True
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            await self.close(CLOSE_NOT_SIGNED_IN)
            return False
        code = await database_sync_to_async(self._refusal)(user.pk)
        if code is not None:
            await self.close(code)
            return False
        self.checked_at = now
        return True

    def _refusal(self, user_id: UUID) -> int | None:
        """Why the socket must close, asked of the database."""
        user = User.objects.filter(pk=user_id, is_active=True).first()
        session = self.scope.get("session")
        has_session = session is None or session.exists(session.session_key)
        if user is None or not has_session:
            return CLOSE_NOT_SIGNED_IN
        try:
            selectors.design_for(user, self.design_id)
        except (NotFound, Forbidden):
            return CLOSE_NO_ACCESS
        return None

    def _read_head(self) -> tuple[int, str]:
        return selectors.head_and_role(self.scope["user"], self.design_id)


def is_presence(content: Mapping[str, Any]) -> bool:
    """Whether a message is a cursor (or none) and a short list of ids."""
    cursor, selection = content.get("cursor"), content.get("selection", [])
    has_cursor = cursor is None or (
        isinstance(cursor, list)
        and len(cursor) == 2
        and all(isinstance(each, int | float) and abs(each) < 1e12 for each in cursor)
    )
    return (
        "cursor" in content
        and has_cursor
        and isinstance(selection, list)
        and len(selection) <= MAX_SELECTION
        and all(isinstance(each, str) and len(each) <= 100 for each in selection)
    )
