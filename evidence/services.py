"""Gathering what an audit bundle holds."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from analysis.models import OwnTable
from audit import formats
from audit.models import Event
from audit.services import record
from catalog.selectors import shipped_products
from evidence import bundle
from layouts import selectors as layouts
from layouts.models import Design
from reviews.models import Proposal, Verdict
from reviews.threads import threads_of


@transaction.atomic
def write_bundle(*, actor: User, design: Design, number: int) -> bytes:
    """The audit bundle of a revision, for somebody who takes it away.

    Raises
    ------
    RevisionNotFound
        If the design has no such revision.
    """
    text = layouts.design_file(design, number)
    tables = _own_tables(design)
    revision = design.revisions.filter(number=number).select_related("author").first()
    as_of = (revision.at if revision is not None else design.created_at).date()
    evaluation, state_hash = bundle.evaluated(json.loads(text), tables, as_of, shipped_products())
    proposals = [_proposal(each) for each in _merged(design, number)]
    manifest = {
        "design": {"id": str(design.pk), "name": design.name},
        "project": design.project.name,
        "organisation": design.project.organisation.name,
        "revision": number,
        "made_by": revision.author.username if revision and revision.author else None,
        "versions": [
            {"name": each.name, "note": each.note, "at": each.at.isoformat()}
            for each in design.versions.filter(number=number)
        ],
        "state_hash": state_hash,
        "rules": json.loads(text)["rules"],
        "level": bundle.LEVEL,
        "as_of": as_of.isoformat(),
        "software": bundle.software(),
        "written_at": timezone.now().isoformat(timespec="seconds"),
        "written_for": actor.username,
    }
    record(actor=actor, action="bundle.export", obj=design, detail={"revision": number})
    parts = {
        bundle.DESIGN: text.encode(),
        bundle.TABLES: bundle.text_of(tables),
        bundle.EVALUATION: evaluation,
        bundle.DECISIONS: bundle.text_of({"proposals": proposals}),
        bundle.COMMENTS: bundle.text_of(_comments(design)),
        bundle.TRAIL: "".join(_trail(design, number)).encode(),
    }
    return bundle.archive(manifest, parts)


def _own_tables(design: Design) -> dict[str, Any]:
    tables = OwnTable.objects.filter(organisation=design.project.organisation_id)
    return {table.kind: table.rows for table in tables}


def _merged(design: Design, number: int) -> list[Proposal]:
    """What was merged into the design up to a revision, in order."""
    found = Proposal.objects.filter(
        target=design, state=Proposal.State.MERGED, merged_revision__lte=number
    )
    return list(found.order_by("merged_revision"))


def _proposal(proposal: Proposal) -> dict[str, Any]:
    merged = proposal.merged_revision or 0
    return {
        "number": proposal.number,
        "title": proposal.title,
        "author": proposal.author.username if proposal.author else None,
        "merged_revision": merged,
        "merged_state_hash": layouts.state_hash_at(proposal.target, merged),
        "report": proposal.report,
        "approvals": [
            {
                "discipline": each.discipline,
                "verdict": each.verdict,
                "reason": each.reason,
                "approver": each.approver.username,
                "state_hash": each.candidate_hash,
                "evaluation_key": each.evaluation_key,
                "rules": each.rules,
                "at": each.at.isoformat(),
                "retracted_at": each.retracted_at.isoformat() if each.retracted_at else None,
                # An approval may outlive a change that touches nothing of its discipline.
                "holds": each.verdict == Verdict.APPROVED
                and each.retracted_at is None
                and each.candidate_revision == proposal.candidate_revision,
            }
            for each in proposal.approvals.select_related("approver")
        ],
        "steps": [
            {
                "move": each.move,
                "by": each.actor.username if each.actor else None,
                "at": each.at.isoformat(),
                "reason": each.reason,
            }
            for each in proposal.steps.select_related("actor")
        ],
        "signatures": [
            {
                "rule": each.rule,
                "reason": each.reason,
                "expires_on": each.expires_on.isoformat(),
                "signer": each.signer.username,
                "at": each.at.isoformat(),
            }
            for each in proposal.signatures.select_related("signer")
        ],
    }


def _comments(design: Design) -> list[dict[str, Any]]:
    return [
        {
            "number": thread.number,
            "title": thread.title,
            "state": thread.state,
            "anchor": thread.anchor,
            "revision": thread.revision,
            "author": thread.author_name,
            "at": thread.at.isoformat(),
            "comments": [
                {"author": each.author_name, "text": each.text, "at": each.at.isoformat()}
                for each in thread.comments.all()
            ],
        }
        for thread in threads_of(design).prefetch_related("comments")
    ]


def _trail(design: Design, number: int) -> list[str]:
    about = [str(design.pk), *(str(each.pk) for each in _merged(design, number))]
    rows = Event.objects.filter(
        organisation_id=design.project.organisation_id, object_id__in=about
    ).order_by("number")
    columns = [field.attname for field in Event._meta.concrete_fields]
    return list(formats.as_json_lines(rows.values(*columns)))
