"""Signing in with an organisation's own directory, by OpenID Connect.

Named by a setting and loaded only where a server is configured: see OIDC_SERVER.
"""

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.models import Membership, Organisation, User
from audit.services import record


class OrganisationSignIn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Newcomers become members of one organisation; without one, only known people get in.

    Nobody is taken for an existing account because a name or an address is the same:
    whoever has an account connects it themselves, signed in, on their account page.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether there is an organisation that takes newcomers in."""
        return bool(settings.OIDC_ORGANISATION)

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Keep a newcomer, and make them a member with the role for newcomers."""
        user: User = super().save_user(request, sociallogin, form)
        organisation = Organisation.objects.get(pk=settings.OIDC_ORGANISATION)
        member = Membership.objects.create(
            user=user, organisation=organisation, role=settings.OIDC_ROLE
        )
        detail = {"role": settings.OIDC_ROLE, "by": settings.OIDC_SERVER}
        record(actor=user, action="member.join", obj=member, detail=detail)
        return user
