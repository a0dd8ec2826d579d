"""How many sockets one person may hold open, over all processes.

A slot is a cache entry that the socket renews while it lives; one that dies without a
word gives its slot back when the entry runs out.
"""

import logging
import time
from uuid import UUID

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SOCKETS_PER_PERSON = 10
SLOT_S = 30.0
RENEW_EVERY_S = 10.0


class Slot:
    """One socket's place among those of its person."""

    def __init__(self, user_id: UUID, holder: str) -> None:
        self._user_id = user_id
        self._holder = holder
        self._key: str | None = None
        self._renewed_at = 0.0

    async def take(self) -> bool:
        """Whether there was a place left; without a cache nobody is turned away."""
        try:
            for number in range(SOCKETS_PER_PERSON):
                key = f"socket:{self._user_id}:{number}"
                if await cache.aadd(key, self._holder, SLOT_S):
                    self._key, self._renewed_at = key, time.monotonic()
                    return True
        except (RedisError, OSError) as error:
            logger.error("sockets of %s are not counted: %s", self._user_id, error)
            return True
        return False

    async def keep(self) -> bool:
        """Renew the place now and then; whether it could be kept."""
        now = time.monotonic()
        if self._key is None or now - self._renewed_at < RENEW_EVERY_S:
            return True
        try:
            if await cache.aget(self._key) == self._holder:
                await cache.atouch(self._key, SLOT_S)
                self._renewed_at = now
                return True
        except (RedisError, OSError) as error:
            logger.error("sockets of %s are not counted: %s", self._user_id, error)
            return True
        return await self.take()

    async def give_back(self) -> None:
        """Leave the place to another socket."""
        if self._key is None:
            return
        key, self._key = self._key, None
        try:
            if await cache.aget(key) == self._holder:
                await cache.adelete(key)
        except (RedisError, OSError) as error:
            logger.warning("a socket's place runs out by itself: %s", error)
