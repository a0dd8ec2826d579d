"""What people fill in about notices."""

from django import forms


class DigestForm(forms.Form):
    """Where the daily e-mail goes; empty for none."""

    address = forms.EmailField(required=False, max_length=254)
