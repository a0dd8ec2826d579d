"""Gathering what reports print: of a proposal, of any two states, and what was said of one."""

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from analysis.assemble import assemble
from analysis.models import Evaluation
from analysis.selectors import evaluation_at
from layouts.document import Document, Element, owner_of
from layouts.edits import label_of
from layouts.models import Design
from layouts.selectors import document_at, products_of
from reports.differences import Differences, Figures, Waiver, Word
from reports.models import Format
from reports.talks import Talk, moment
from reviews import threads
from reviews.both_sides import results_of
from reviews.examination import Examination, Waived, examine
from reviews.models import Proposal
from reviews.overlay import Side
from reviews.rollup import roll_up
from reviews.selectors import Point, rules_of
from reviews.threads import Pinned

TAGS_SHOWN = 6


def of_proposal(proposal: Proposal) -> Differences:
    """A proposal as its page shows it now; a merged one as it was merged."""
    exam = examine(proposal)
    pinned = threads.pinned(proposal.source, exam.new, proposal=proposal)
    source, target = proposal.source, proposal.target
    return Differences(
        kind=f"Proposal #{proposal.number}",
        title=proposal.title,
        state=proposal.get_state_display(),
        description=proposal.description,
        organisation=str(proposal.project.organisation),
        project=proposal.project.name,
        facts=[
            ("Brings", f"{source.name}, revision {proposal.source_revision}"),
            ("Into", f"{target.name}, revision {proposal.target_revision}"),
            ("Opened by", f"{proposal.author or 'somebody'}, {proposal.opened_at:%Y-%m-%d}"),
            ("Rules", exam.rules),
            ("Content", exam.candidate_hash or "no candidate while questions are open"),
            ("Evaluation", exam.evaluation.key if exam.evaluation else "none yet"),
        ],
        old_name=f"{target.name}, revision {proposal.target_revision}",
        new_name=_new_name(proposal),
        old=_side(target, exam.old),
        new=_side(exam.shown[0], exam.new),
        lines=exam.lines,
        pins=threads.pins(pinned),
        figures=_figures(exam.old_evaluation, exam.evaluation),
        talks=talks_of(pinned),
        waivers=_waivers(exam.new, exam.waivers),
        words=[_word(exam, index) for index in range(len(exam.reviews))],
        checks=[(check.state, check.label, check.detail) for check in exam.checks],
        decided=_decided(proposal),
        steps=[
            (
                f"{step.at:%Y-%m-%d %H:%M}",
                str(step.actor or "somebody"),
                step.words,
                step.reason,
            )
            for step in proposal.steps.select_related("actor")
        ],
        printed_at=timezone.now(),
    )


def of_points(user: User, old: Point, new: Point) -> Differences:
    """Two revisions, versions or branches side by side, with the comments of the new one."""
    before, after = old.document, new.document
    pinned = threads.pinned(new.design, after)
    jobs = evaluation_at(old.design, old.revision), evaluation_at(new.design, new.revision)
    return Differences(
        kind="Comparison",
        title=f"{old.label} → {new.label}",
        state="",
        description="",
        organisation=str(new.design.project.organisation),
        project=new.design.project.name,
        facts=[
            ("Old", f"{old.label}, state {before.state_hash[:12]}"),
            ("New", f"{new.label}, state {after.state_hash[:12]}"),
            ("Rules", rules_of(after)),
            ("Printed for", user.username),
        ],
        old_name=old.label,
        new_name=new.label,
        old=_side(old.design, before),
        new=_side(new.design, after),
        lines=roll_up(before, after),
        pins=threads.pins(pinned),
        figures=_figures(*jobs),
        talks=talks_of(pinned),
        waivers=_waivers(after, ()),
        printed_at=timezone.now(),
    )


def talks_about(design: Design, number: int, format_: str) -> list[Talk]:
    """What a file of a revision prints of the comments as they stand now: the report does."""
    if format_ != Format.PDF:
        return []
    return talks_of(threads.pinned(design, document_at(design, number)))


def _side(design: Design, document: Document) -> Side:
    return Side(document=document, plant=assemble(document, products_of(design))[0])


def _new_name(proposal: Proposal) -> str:
    if proposal.merged_revision is not None:
        return f"{proposal.target.name}, revision {proposal.merged_revision}"
    if proposal.candidate_revision is None:
        return f"{proposal.source.name}, revision {proposal.source_revision}"
    return f"{proposal.source.name} merged into {proposal.target.name}"


def _figures(old: Evaluation | None, new: Evaluation | None) -> Figures | None:
    results = results_of(old, new)
    if results is None:
        return None
    rows = [*results.headlines, *(row for row in results.rest if row["old"] != row["new"])]
    return Figures(
        rows=rows, opened=results.opened, closed=results.closed, starving=results.starving
    )


def talks_of(pinned: Iterable[Pinned]) -> list[Talk]:
    """Threads as plain words that can be kept and hashed, in the order given."""
    return [_talk(each) for each in pinned]


def _talk(pinned: Pinned) -> Talk:
    thread, place = pinned.thread, pinned.place
    about = [pinned.where]
    if place.is_lost:
        about.append("what it was pinned to is gone")
    if thread.assignee:
        about.append(f"for {thread.assignee}")
    if thread.due_on:
        about.append(f"due {thread.due_on}")
    return {
        "number": str(thread.number),
        "title": thread.title,
        "about": ", ".join(about),
        "state": "open" if thread.state == thread.State.OPEN else "resolved",
        "at_mm": [place.x_mm, place.y_mm],
        "said": [
            {
                "by": f"{each.author_name}, {moment(each.at)}, at revision {each.revision}",
                "text": each.text,
            }
            for each in pinned.said
        ],
    }


def _word(exam: Examination, index: int) -> Word:
    review = exam.reviews[index]
    said = review.approval
    if said is None:
        return Word(discipline=review.discipline, standing=review.standing)
    return Word(
        discipline=review.discipline,
        standing=review.standing,
        approver=str(said.approver),
        at=said.at,
        revision=said.source_revision,
        reason=said.reason,
    )


def _waivers(document: Document, brought: Iterable[Waived]) -> list[Waiver]:
    """Every waiver that the new state lives with; those that a proposal brings carry a name."""
    new = {each.element["id"]: each.signature for each in brought}
    found = []
    for element in document.of_kind("waiver"):
        said, signature = element["waiver"], new.get(element["id"])
        found.append(
            Waiver(
                rule=said["rule"],
                tags=_tags(document, said["element_ids"]),
                reason=said["reason"],
                expires_on=said["expires_on"],
                granted_by=said["granted_by"],
                signer=str(signature.signer) if signature else "",
                signed_at=signature.at if signature else None,
                is_new=element["id"] in new,
            )
        )
    return found


def _tags(document: Document, ids: Iterable[str]) -> str:
    owners = dict.fromkeys(map(owner_of, ids))
    elements: list[Element] = [document.elements[id_] for id_ in owners if id_ in document.elements]
    words = ", ".join(label_of(element) for element in elements[:TAGS_SHOWN])
    more = len(elements) - TAGS_SHOWN
    return f"{words} and {more} more" if more > 0 else words


def _decided(proposal: Proposal) -> list[tuple[str, str, str, str]]:
    """What a merge asked and what was answered; the report of a merge knows."""
    report = proposal.report or {}
    names = {"ours": proposal.target.name, "theirs": proposal.source.name}
    return [
        (row["label"], row["detail"], names[row["side"]], row["by"])
        for row in report.get("conflicts", ())
    ]
