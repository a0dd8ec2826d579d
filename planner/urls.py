"""Every route of the project, HTTP and WebSocket."""

from django.urls import URLPattern, URLResolver, include, path

from accounts import pages as accounts
from planner import first_start, health, pages
from planner.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("setup", first_start.setup, name="setup"),
    path("enter", first_start.enter, name="enter"),
    path("docs/problems/<slug:code>", pages.problem, name="problem"),
    path("api/", api.urls),
    path("accounts/me/", accounts.account, name="account"),
    path("accounts/me/tokens/", accounts.create_token, name="create-token"),
    path("accounts/me/tokens/<uuid:token_id>/revoke/", accounts.revoke_token, name="revoke-token"),
    path("accounts/", include("allauth.urls")),
]
websocket_urlpatterns: list[URLPattern] = []

handler400 = pages.bad_request
handler403 = pages.permission_denied
handler404 = pages.page_not_found
handler500 = pages.server_error
