"""Things for tests, with only what a test does not care about filled in."""

from itertools import count

from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import Membership, Organisation, User
from weather.models import WeatherFile

_numbers = count(1)


def organisation(name: str = "") -> Organisation:
    """An organisation."""
    return Organisation.objects.create(name=name or f"Organisation {next(_numbers)}")


def user(name: str = "") -> User:
    """A person without a password; tests sign in without one."""
    made = User(username=name or f"Person {next(_numbers)}")
    made.set_unusable_password()
    made.save()
    return made


def member(
    of: Organisation, role: str = "editor", *, name: str = "", is_suspended: bool = False
) -> User:
    """A person with a role in an organisation."""
    person = user(name)
    Membership.objects.create(user=person, organisation=of, role=role, is_suspended=is_suspended)
    return person


def client_of(person: User) -> Client:
    """A browser in which a person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def token(person: User, scope: str = "write") -> dict[str, str]:
    """The header with which a program acts as a person."""
    _, secret = services.create_token(user=person, name="Test", scope=scope)
    return {"Authorization": f"Bearer {secret}"}


def weather(of: Organisation, name: str = "Weather") -> WeatherFile:
    """A row of weather without its hours."""
    return WeatherFile.objects.create(
        organisation=of,
        digest=f"{next(_numbers):064}",
        name=name,
        file_name="a.epw",
        elevation_m=0.0,
        hours=8760,
        filled_hours=0,
        mean_dry_bulb_c=10.0,
        design_dry_bulb_c=30.0,
        design_wet_bulb_c=20.0,
        body=b"",
        uploaded_at=timezone.now(),
    )
