"""The report of a merge: every change, author and reviewer, as it was. Written once."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from analysis.comparison import figure_rows
from engine.evaluation import MODEL_VERSION, VERSION
from layouts.models import Design
from reviews import selectors
from reviews.examination import Examination
from reviews.merge import Merge
from reviews.models import Proposal


def merge_report(
    *,
    actor: User,
    proposal: Proposal,
    found: Examination,
    made: Merge,
    base: tuple[Design, int],
) -> dict[str, Any]:
    """What a merge did, for good: every change, author and reviewer."""
    owner, number = base
    resolved = {each.key: each for each in proposal.resolutions.select_related("author")}
    revisions = proposal.source.revisions.filter(kind__in=selectors.HANDMADE)
    authors = revisions.select_related("author").values_list("author__username", "number")
    names: dict[str, int] = {}
    for name, _ in authors:
        names[name or "somebody"] = names.get(name or "somebody", 0) + 1
    return {
        "schema": "plenum.merge/1",
        "number": proposal.number,
        "title": proposal.title,
        "merged_by": actor.username,
        "merged_at": timezone.now().isoformat(timespec="seconds"),
        "source": {"name": proposal.source.name, "revision": proposal.source_revision},
        "target": {
            "name": proposal.target.name,
            "before": proposal.target_revision,
            "after": proposal.merged_revision,
        },
        "base": {"name": owner.name, "revision": number},
        "state_hash": found.candidate_hash,
        "evaluation_key": found.evaluation.key if found.evaluation else None,
        "rules": found.rules,
        "software": {"version": VERSION, "model_version": MODEL_VERSION},
        "changes": [line.to_json() for line in found.lines],
        "figures": figure_rows(found.old_result, found.result)
        if found.old_result and found.result
        else [],
        "authors": [{"name": name, "revisions": count} for name, count in sorted(names.items())],
        "conflicts": [
            {
                "label": conflict.label,
                "detail": conflict.detail,
                "group": conflict.group,
                "side": side,
                "by": str(resolved[conflict.key].author) if conflict.key in resolved else "",
            }
            for conflict, side in made.answered
        ],
        "approvals": [
            {
                "discipline": review.discipline,
                "approver": str(review.approval.approver),
                "at": review.approval.at.isoformat(timespec="seconds"),
                "revision": review.approval.source_revision,
                "reason": review.approval.reason,
            }
            for review in found.reviews
            if review.approval is not None
        ],
        "waivers": [
            {
                "rule": waived.element["waiver"]["rule"],
                "reason": waived.element["waiver"]["reason"],
                "expires_on": waived.element["waiver"]["expires_on"],
                "signer": str(waived.signature.signer) if waived.signature else "",
            }
            for waived in found.waivers
        ],
        "checks": [check.to_json() for check in found.checks],
    }
