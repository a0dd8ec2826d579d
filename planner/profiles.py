"""The two ways Plenum runs, and all that differs between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One way to run."""

    hosts: tuple[str, ...]  # what it answers to when ORIGINS does not say
    https: bool  # Secure cookies, redirect to https
    hsts_s: int
    behind_proxy: bool  # believes X-Forwarded-Proto, which the proxy must overwrite
    cookie_prefix: str
    cookie_has_port: bool  # cookies ignore ports: two Plenums on one machine must not share them

    def cookie_name(self, purpose: str, port: int) -> str:
        """The name of a cookie."""
        suffix = f"_{port}" if self.cookie_has_port else ""
        return f"{self.cookie_prefix}plenum_{purpose}{suffix}"


PROFILES: Mapping[str, Profile] = {
    "embedded": Profile(
        hosts=("127.0.0.1", "localhost"),
        https=False,
        hsts_s=0,
        behind_proxy=False,
        cookie_prefix="",
        cookie_has_port=True,
    ),
    "server": Profile(
        hosts=(),
        https=True,
        hsts_s=3600,
        behind_proxy=True,
        cookie_prefix="__Host-",
        cookie_has_port=False,
    ),
}


def profile_named(name: str) -> Profile:
    """The profile of that name.

    Raises
    ------
    ImproperlyConfigured
        If there is none.
    """
    try:
        return PROFILES[name]
    except KeyError:
        known = " or ".join(PROFILES)
        raise ImproperlyConfigured(f"PLENUM_PROFILE is {name!r}; it takes {known}.") from None
