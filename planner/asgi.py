"""The entry for HTTP and WebSockets."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")
http = get_asgi_application()

# Routes import models, which need the apps that the line above loads.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import URLPattern  # noqa: E402
from django.urls.resolvers import RegexPattern  # noqa: E402

from planner.sockets import ExactOrigin, no_route  # noqa: E402
from planner.urls import websocket_urlpatterns  # noqa: E402

sockets = [*websocket_urlpatterns, URLPattern(RegexPattern(r""), no_route)]
application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": ExactOrigin(AuthMiddlewareStack(URLRouter(sockets))),
    }
)
