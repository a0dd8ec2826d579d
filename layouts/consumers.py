"""The socket of an open design: a doorbell, and who else is looking.

Everything a message says can also be read over HTTP; presence is kept nowhere. Rights are
asked again at once when they changed, and in any case whenever something passes, at most
every two seconds.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import constant_time_compare
from redis.exceptions import RedisError

from accounts.live import group_of_person, session_mark
from accounts.models import User
from engine.errors import Forbidden, NotFound
from layouts import selectors
from layouts.live import group_of
from layouts.presence import presence_of
from layouts.slots import Slot

logger = logging.getLogger(__name__)

RIGHTS_FOR_S = 2.0
MAX_FRAME_CHARACTERS = 16_384
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
        self.groups_joined: list[str] = []
        self.slot: Slot | None = None
        self.rights: dict[str, Any] = {}
        self.checked_at = 0.0
        self.presence_at = 0.0
        self.frames_left = FRAMES_AT_ONCE
        self.frames_at = time.monotonic()
        if not await self._may_stay(fresh=True):
            return
        self.slot = Slot(self.scope["user"].pk, self.channel_name)
        if not await self.slot.take():
            await self.close(CLOSE_TOO_MANY)
            return
        await self.accept()
        # The group is joined before the head is read: no revision falls between the two.
        await self._join()
        footing = await database_sync_to_async(self._read_footing)()
        self.rights = footing.to_json()
        user = self.scope["user"]
        await self.send_json(
            {
                "type": "hello",
                "head": footing.head,
                "user": {"id": str(user.pk), "name": user.username},
                **self.rights,
                "client": self._mark(),
            }
        )

    async def disconnect(self, code: int) -> None:
        """Leave, and tell the others that the cursor is gone."""
        if self.slot is not None:
            await self.slot.give_back()
        groups, self.groups_joined = self.groups_joined, []
        try:
            for group in groups:
                await self.channel_layer.group_discard(group, self.channel_name)
            if groups:
                await self._relay({"type": "presence", "gone": True})
        except (ChannelFull, RedisError, OSError):
            logger.warning("could not leave %s", ", ".join(groups))

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
        if self.slot is not None and not await self.slot.keep():
            await self.close(CLOSE_TOO_MANY)
            return
        kind = content.get("type") if isinstance(content, Mapping) else None
        if kind == "ping":
            footing = await database_sync_to_async(self._read_footing)()
            await self.send_json({"type": "pong", "head": footing.head})
        elif kind == "presence" and (said := presence_of(content)) is not None:
            await self._pass_on(said)
        else:
            await self.close(CLOSE_MALFORMED)

    async def design_message(self, event: Mapping[str, Any]) -> None:
        """Forward what was published about the design, if the person still may know."""
        if event.get("from") != self.channel_name and await self._may_stay():
            await self.send_json(event["message"])

    async def rights_changed(self, event: Mapping[str, Any]) -> None:
        """Ask at once whether the person may stay, and tell the browser of other rights."""
        if not await self._may_stay(fresh=True):
            return
        footing = await database_sync_to_async(self._read_footing)()
        before, self.rights = self.rights, footing.to_json()
        if self.rights != before:
            await self.send_json({"type": "role", **self.rights})

    async def notice_made(self, event: Mapping[str, Any]) -> None:
        """Say that the bell has something new; what it is, the browser asks over HTTP."""
        if await self._may_stay():
            await self.send_json({"type": "notice"})

    async def session_ended(self, event: Mapping[str, Any]) -> None:
        """Leave with the session that this socket was opened in."""
        session = self.scope.get("session")
        if session is not None and event["mark"] == session_mark(session.session_key):
            await self.close(CLOSE_NOT_SIGNED_IN)

    async def _join(self) -> None:
        user = self.scope["user"]
        for group in (group_of(self.design_id), group_of_person(user.pk)):
            try:
                await self.channel_layer.group_add(group, self.channel_name)
            except (ChannelFull, RedisError, OSError) as error:
                # Without the layer the browser still learns of revisions by its pings.
                logger.error("could not join %s: %s", group, error)
                return
            self.groups_joined.append(group)

    async def _pass_on(self, said: Mapping[str, Any]) -> None:
        now = time.monotonic()
        # A cursor is soon followed by the next one; that somebody asks to look is said once.
        is_soon = now - self.presence_at < PRESENCE_EVERY_S and "look" not in said
        if not self.groups_joined or is_soon:
            return
        self.presence_at = now
        try:
            await self._relay({"type": "presence", **said})
        except (ChannelFull, RedisError, OSError):
            logger.warning("could not pass on presence in design %s", self.design_id)

    async def _relay(self, message: Mapping[str, Any]) -> None:
        user = self.scope["user"]
        stamped = {
            **message,
            "user": {"id": str(user.pk), "name": user.username},
            "client": self._mark(),
        }
        await self.channel_layer.group_send(
            group_of(self.design_id),
            {"type": "design.message", "message": stamped, "from": self.channel_name},
        )

    def _mark(self) -> str:
        """What the others call this tab."""
        return str(self.channel_name[-12:])

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
        if user is None or not self._has_session(user):
            return CLOSE_NOT_SIGNED_IN
        try:
            selectors.design_for(user, self.design_id)
        except (NotFound, Forbidden):
            return CLOSE_NO_ACCESS
        return None

    def _has_session(self, user: User) -> bool:
        """Whether the session is still there, and not from before a change of password."""
        session = self.scope.get("session")
        if session is None:
            return True
        kept = SessionStore(session.session_key).load()
        return constant_time_compare(kept.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())

    def _read_footing(self) -> selectors.Footing:
        return selectors.footing_of(self.scope["user"], self.design_id)
