"""What people fill in about accounts."""

from django import forms

from accounts.models import ApiToken, Role


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(max_length=100)
    scope = forms.ChoiceField(choices=ApiToken.Scope.choices)


class InviteForm(forms.Form):
    """A new member."""

    name = forms.CharField(max_length=150)
    role = forms.ChoiceField(choices=Role.choices)


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(choices=Role.choices)


class SetupForm(forms.Form):
    """The first account."""

    key = forms.CharField(max_length=200, required=False)
    name = forms.CharField(max_length=150)
    password = forms.CharField(max_length=1000, strip=False)


class JoinForm(forms.Form):
    """A password for an invited person."""

    key = forms.CharField(max_length=200, required=False)
    password = forms.CharField(max_length=1000, strip=False)


class TeamForm(forms.Form):
    """A new team."""

    name = forms.CharField(max_length=100)


class TrailForm(forms.Form):
    """What to look for in the trail; every field may be empty."""

    text = forms.CharField(max_length=200, required=False)
    action = forms.CharField(max_length=60, required=False)
    result = forms.CharField(max_length=10, required=False)
    from_on = forms.DateField(required=False)
    to_on = forms.DateField(required=False)
    before = forms.IntegerField(required=False, min_value=1)
