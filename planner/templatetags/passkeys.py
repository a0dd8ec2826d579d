"""Passkeys belong to a name: at a bare address no browser makes or takes one."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest

register = template.Library()


@register.inclusion_tag("accounts/_passkey_address.html", takes_context=True)
def passkey_address(context: template.Context) -> dict[str, Any]:
    """Says so on a page that was opened by a bare address, and where the page has a name."""
    request: HttpRequest = context["request"]
    parts = urlsplit(request.build_absolute_uri())
    try:
        address = ip_address(parts.hostname or "")
    except ValueError:
        return {"is_bare": False}
    named = parts._replace(netloc=f"localhost:{parts.port}" if parts.port else "localhost")
    return {"is_bare": True, "named": named.geturl() if address.is_loopback else ""}
