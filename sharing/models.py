"""Share links: one revision of one design, for whoever holds the link."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class ShareLink(models.Model):
    """A secret that opens one revision of a design to people without an account.

    live until `expires_at`, unless somebody revokes it first. Only the digest of the
    secret is kept: the link itself is shown once.
    """

    class Allows(models.TextChoices):
        """What its holder may do."""

        VIEW = "view", "View"
        COMMENT = "comment", "View and comment"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    design = models.ForeignKey(
        "layouts.Design", on_delete=models.CASCADE, related_name="share_links"
    )
    revision = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    allows = models.CharField(max_length=10, choices=Allows.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    use_count = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    threads = models.ManyToManyField("reviews.Thread", related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="link_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()
