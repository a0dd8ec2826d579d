"""The one REST API: its routers, who may call it, and how its errors leave."""

from ninja import NinjaAPI

from accounts.auth import SessionAuth, TokenAuth
from planner import problems

api = NinjaAPI(
    title="Plenum",
    version="1",
    description="Everything the editor does, for programs.",
    auth=[TokenAuth(), SessionAuth()],
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="api",
)
problems.handle_on(api)

api.add_router("", "accounts.api.router")
api.add_router("", "layouts.api.router")
api.add_router("/catalog", "catalog.api.router")
api.add_router("", "weather.api.router")
api.add_router("", "analysis.api.router")
api.add_router("", "economics.api.router")
api.add_router("", "reviews.line_api.router")
api.add_router("", "reviews.api.router")
api.add_router("", "reviews.thread_api.router")
api.add_router("", "reports.api.router")
