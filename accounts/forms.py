"""What people fill in about accounts."""

from django import forms

from accounts.models import ApiToken, Role


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(max_length=100, label="What it is for")
    scope = forms.ChoiceField(choices=ApiToken.Scope.choices, label="It may")


class InviteForm(forms.Form):
    """A new member."""

    name = forms.CharField(max_length=150)
    role = forms.ChoiceField(choices=Role.choices)


class PasswordForm(forms.Form):
    """A name and a password of the person's choosing."""

    name = forms.CharField(max_length=150)
    password = forms.CharField(max_length=1000, strip=False)
