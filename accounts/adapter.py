"""How sign-in bends to the house: nobody signs up alone."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """The first account is made by the set-up page; an admin invites the others."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: see the class."""
        return False
