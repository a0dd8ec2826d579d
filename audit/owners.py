"""Where a thing belongs: the organisation, and the project in it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model

# The names under which a thing knows its owner, nearest first.
OWNERS = ("project", "design", "evaluation", "proposal", "team")
# Things of a person, whatever organisations that person is in.
PERSONAL = ("user", "apitoken", "browsersession", "authenticator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """An organisation, and the project if the thing is in one."""

    organisation_id: UUID
    project_id: UUID | None = None


def owner_of(obj: Model) -> Owner:
    """The organisation and project that a thing belongs to, through its owners.

    Raises
    ------
    TypeError
        If the thing leads to no organisation: a fault of the program, never of its user.
    """
    kind = obj._meta.model_name
    if kind == "organisation":
        return Owner(organisation_id=obj.pk)
    direct: UUID | None = getattr(obj, "organisation_id", None)
    if direct is not None:
        project_id = obj.pk if kind == "project" else getattr(obj, "project_id", None)
        return Owner(organisation_id=direct, project_id=project_id)
    for name in OWNERS:
        owner = getattr(obj, name, None)
        if isinstance(owner, Model):
            return owner_of(owner)
    raise TypeError(f"{type(obj).__name__} does not lead to an organisation")
