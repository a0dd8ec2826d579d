"""What people fill in about share links."""

from django import forms

from sharing.models import ShareLink


class LinkForm(forms.Form):
    """A new share link."""

    name = forms.CharField(max_length=100)
    revision = forms.IntegerField(min_value=0)
    allows = forms.ChoiceField(choices=ShareLink.Allows.choices)
    days = forms.IntegerField(min_value=1, initial=7)
