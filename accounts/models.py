"""People, the organisations they belong to, and the role they have there."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from accounts.browsers import named

NAME_HAS_NO_CONTROL = RegexValidator(
    r"^[^\x00-\x1f\x7f<>]+\Z", "A name is letters, digits, spaces and ordinary signs."
)


class User(AbstractUser):
    """A person who can sign in, under a name of their own choosing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        "name", max_length=150, unique=True, validators=[NAME_HAS_NO_CONTROL]
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("username"), name="one_user_per_name_in_any_case")
        ]


class Organisation(models.Model):
    """The owner of projects: nothing is visible across organisations."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do, weakest first. A guest has only what a project gives them."""

    GUEST = "guest", "Guest"
    AUDITOR = "auditor", "Auditor"
    VIEWER = "viewer", "Viewer"
    EDITOR = "editor", "Editor"
    REVIEWER = "reviewer", "Reviewer"
    ADMIN = "admin", "Admin"


class Membership(models.Model):
    """One person's role in one organisation; suspended members may do nothing."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    is_suspended = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "organisation"], name="one_membership_per_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Team(models.Model):
    """Members who are asked, and given roles, together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=100, validators=[NAME_HAS_NO_CONTROL])
    members = models.ManyToManyField(User, related_name="teams")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "organisation", Lower("name"), name="one_team_per_name_in_any_case"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProjectRole(models.Model):
    """The role of one person, or of one team, in one project, in place of the organisation's.

    It counts only while its person is a member who is not suspended. The project is known
    by its id alone: projects stand in a layer above.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="project_roles"
    )
    project_id = models.UUIDField()
    user = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="project_roles"
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.CASCADE, related_name="project_roles"
    )
    role = models.CharField(
        max_length=20, choices=[each for each in Role.choices if each[0] != Role.GUEST]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(team=None),
                name="project_role_of_a_person_or_a_team",
            ),
            models.UniqueConstraint(
                fields=["project_id", "user"], name="one_project_role_per_person"
            ),
            models.UniqueConstraint(
                fields=["project_id", "team"], name="one_project_role_per_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.team} ({self.role})"


class ApiToken(models.Model):
    """A secret that lets a program act as its person; only its digest is kept."""

    class Scope(models.TextChoices):
        """What a program may do with a token."""

        READ = "read", "Read"
        WRITE = "write", "Read and write"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class EntryKey(models.Model):
    """A one-time key, shown once as a link: used up, out of tries or out of date it opens nothing.

    ``setup`` makes the first account, ``enter`` signs its person in,
    ``join`` lets an invited person choose a password, ``invite`` takes a person who has
    an account into another `organisation` with a `role`.
    """

    class Purpose(models.TextChoices):
        """What the key opens."""

        SETUP = "setup", "Make the first account"
        ENTER = "enter", "Sign in"
        JOIN = "join", "Accept an invitation"
        INVITE = "invite", "Join another organisation"

    id = models.BigAutoField(primary_key=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="entry_keys")
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(max_length=10, choices=Role.choices, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} key {self.pk}"


class BrowserSession(models.Model):
    """A browser in which a person is signed in, as that person sees it in their list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="browser_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-seen_at"]

    def __str__(self) -> str:
        return named(self.browser)
