"""API tokens, managed by the person they act for."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Router, Schema, Status
from pydantic import Field

from accounts import selectors, services
from accounts.auth import UserRequest
from accounts.models import ApiToken

router = Router(tags=["accounts"])


class TokenOut(Schema):
    """An API token as its owner sees it; the secret is not kept."""

    id: UUID
    name: str
    scope: Literal["read", "write"]
    created_at: datetime
    last_used_at: datetime | None


class TokenIn(Schema):
    """A token to make."""

    name: str = Field(min_length=1, max_length=100)
    scope: Literal["read", "write"] = "read"


class NewTokenOut(TokenOut):
    """A token just made, with its secret: this answer is the only place that shows it."""

    token: str


@router.get("/tokens", response=list[TokenOut])
def list_tokens(request: UserRequest) -> list[ApiToken]:
    """The caller's own tokens."""
    return list(selectors.tokens_of(request.user))


@router.post("/tokens", response={201: NewTokenOut})
def post_token(request: UserRequest, body: TokenIn) -> Status[NewTokenOut]:
    """Make a token; its secret is in this answer and nowhere else."""
    token, secret = services.create_token(user=request.user, name=body.name, scope=body.scope)
    made = TokenOut.from_orm(token).model_dump()
    return Status(201, NewTokenOut(**made, token=secret))


@router.delete("/tokens/{uuid:token_id}", response={204: None})
def delete_token(request: UserRequest, token_id: UUID) -> Status[None]:
    """Revoke a token at once."""
    services.revoke_token(user=request.user, token_id=token_id)
    return Status(204, None)
