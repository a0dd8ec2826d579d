"""Importing and removing an organisation's own figures."""

from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import Organisation, User
from analysis import csv_reader
from analysis.models import OwnTable
from analysis.own_data import Kind, digest_of, read_rows
from layouts.gate import parsed_by

MAX_BYTES: Final = 8 * 1024 * 1024


def import_own_table(
    *, actor: User, organisation: Organisation, kind: Kind, file_name: str, content: bytes
) -> OwnTable:
    """Put a file's rows over the shipped table of a kind, in place of those before.

    Raises
    ------
    FileRefused
        If the file is too big, is not CSV, or its parser hit a limit.
    OwnDataInvalid
        If a row cannot be used; `errors` names each line, and nothing changes.
    """
    permissions.require(actor, "edit", organisation)
    rows = read_rows(kind, parsed_by(csv_reader, content, max_bytes=MAX_BYTES))
    with transaction.atomic():
        table, _ = OwnTable.objects.update_or_create(
            organisation=organisation,
            kind=kind,
            defaults={
                "file_name": file_name[:200],
                "rows": rows,
                "digest": digest_of(rows),
                "imported_by": actor,
                "imported_at": timezone.now(),
            },
        )
    return table


def remove_own_table(*, actor: User, organisation: Organisation, kind: Kind) -> None:
    """Let the shipped table of a kind stand alone again."""
    permissions.require(actor, "edit", organisation)
    OwnTable.objects.filter(organisation=organisation, kind=kind).delete()
