"""Examining a proposal: what it changes, who must agree, what stands in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.models import Evaluation, State
from analysis.selectors import evaluation_at, result_of
from layouts.document import Document, Element
from layouts.models import Design
from layouts.selectors import document_at
from reviews import checks as gates
from reviews.checks import Check, Standing
from reviews.diff import differences
from reviews.models import Approval, Proposal, Signature, Verdict
from reviews.policy import DISCIPLINES, Discipline, disciplines_of, of_rule
from reviews.rollup import Line, roll_up
from reviews.selectors import rules_of, waiver_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class DisciplineReview:
    """What a discipline says about a proposal as it is now."""

    discipline: Discipline
    standing: Standing
    approval: Approval | None  # the one that decides
    approvals: Sequence[Approval]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A waiver that the branch brings, and who signed it."""

    element: Element
    signature: Signature | None
    disciplines: tuple[Discipline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """A proposal with all that a decision about it rests on."""

    proposal: Proposal
    is_current: bool
    old: Document
    new: Document
    candidate_hash: str
    lines: tuple[Line, ...]
    disciplines: tuple[Discipline, ...]
    old_evaluation: Evaluation | None
    evaluation: Evaluation | None
    old_result: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    rules: str
    waivers: tuple[Waived, ...]
    reviews: tuple[DisciplineReview, ...]
    checks: tuple[Check, ...]

    @property
    def shown(self) -> tuple[Design, int]:
        """The design and revision that `new` is drawn from."""
        return shown_of(self.proposal)

    def failing(self, wanted: Sequence[str]) -> list[Check]:
        """Those of some gates that do not pass."""
        return [each for each in self.checks if each.gate in wanted and each.state != "done"]


def examine(proposal: Proposal) -> Examination:
    """Look at a proposal as it was last made; a merged one as it was merged."""
    old = document_at(proposal.target, proposal.target_revision)
    shown = shown_of(proposal)
    has_candidate = proposal.candidate_revision is not None
    new = document_at(*shown)
    changes = differences(old, new)
    touched = disciplines_of(changes)
    disciplines = tuple(each for each in DISCIPLINES if each in touched)
    old_evaluation = evaluation_at(proposal.target, proposal.target_revision)
    evaluation = evaluation_at(*shown) if has_candidate else None
    old_result, result = _result(old_evaluation), _result(evaluation)
    rules = rules_of(new)
    waivers = _waivers(proposal, old, new)
    reviews = _reviews(proposal, disciplines, new, rules)
    is_current = is_made_of_now(proposal)
    unsigned = [str(each.element["waiver"]["rule"]) for each in waivers if not each.signature]
    return Examination(
        proposal=proposal,
        is_current=is_current,
        old=old,
        new=new,
        candidate_hash=new.state_hash if has_candidate else "",
        lines=roll_up(old, new),
        disciplines=disciplines,
        old_evaluation=old_evaluation,
        evaluation=evaluation,
        old_result=old_result,
        result=result,
        rules=rules,
        waivers=waivers,
        reviews=reviews,
        checks=(
            gates.of_moment(is_current=is_current),
            gates.of_conflicts(proposal.conflicts, is_made=has_candidate),
            gates.of_evaluation(
                evaluation.state if evaluation else None, evaluation.error if evaluation else None
            ),
            *gates.of_findings(old_result, result),
            gates.of_waivers(unsigned, len(waivers)),
            gates.of_approvals({each.discipline: each.standing for each in reviews}),
        ),
    )


def shown_of(proposal: Proposal) -> tuple[Design, int]:
    """The candidate where there is one, else the branch: what a proposal shows as new."""
    if proposal.candidate is not None and proposal.candidate_revision is not None:
        return proposal.candidate, proposal.candidate_revision
    return proposal.source, proposal.source_revision


def is_made_of_now(proposal: Proposal) -> bool:
    """Whether a proposal was last made of both lines as they are now."""
    return proposal.state == Proposal.State.MERGED or (
        proposal.source_revision == proposal.source.head
        and proposal.target_revision == proposal.target.head
        and (proposal.candidate_revision is not None or bool(proposal.conflicts))
    )


def _result(evaluation: Evaluation | None) -> Mapping[str, Any] | None:
    if evaluation is None or evaluation.state != State.DONE:
        return None
    return result_of(evaluation)


def _waivers(proposal: Proposal, old: Document, new: Document) -> tuple[Waived, ...]:
    signatures = {each.waiver_hash: each for each in proposal.signatures.select_related("signer")}
    return tuple(
        Waived(
            element=element,
            signature=signatures.get(waiver_hash(element)),
            disciplines=tuple(
                each for each in DISCIPLINES if each in of_rule(element["waiver"]["rule"])
            ),
        )
        for element in new.of_kind("waiver")
        if old.elements.get(element["id"]) != element
    )


def _reviews(
    proposal: Proposal, disciplines: Sequence[Discipline], new: Document, rules: str
) -> tuple[DisciplineReview, ...]:
    said: dict[str, list[Approval]] = {}
    rows = proposal.approvals.filter(retracted_at=None).select_related("approver")
    for row in rows.order_by("at"):
        said.setdefault(row.discipline, []).append(row)
    judge = _Judge(proposal, new, rules)
    return tuple(judge.review(each, said.get(each, [])) for each in disciplines)


class _Judge:
    """Asks of each approval whether it still stands."""

    def __init__(self, proposal: Proposal, new: Document, rules: str) -> None:
        self.proposal, self.new, self.rules = proposal, new, rules
        self._since: dict[int, frozenset[Discipline]] = {}

    def review(self, discipline: Discipline, said: Sequence[Approval]) -> DisciplineReview:
        """The standing of a discipline: the last word of each of its approvers counts."""
        last = {approval.approver_id: approval for approval in said}
        words = sorted(last.values(), key=lambda approval: approval.at)
        changes = [each for each in words if each.verdict == Verdict.CHANGES]
        approved = [each for each in words if each.verdict == Verdict.APPROVED]
        holding = [each for each in approved if self._holds(discipline, each)]
        standing: Standing = "waiting"
        decisive: Approval | None = None
        if changes:
            standing, decisive = "changes", changes[-1]
        elif holding:
            standing, decisive = "approved", holding[-1]
        elif approved:
            standing, decisive = "stale", approved[-1]
        return DisciplineReview(
            discipline=discipline, standing=standing, approval=decisive, approvals=words
        )

    def _holds(self, discipline: Discipline, approval: Approval) -> bool:
        """Whether the content is the same, or nothing of the discipline was touched since."""
        candidate = self.proposal.candidate
        if approval.rules != self.rules or candidate is None:
            return False
        if self.proposal.candidate_revision is None:
            return False
        if approval.candidate_hash == self.new.state_hash:
            return True
        revision = approval.candidate_revision
        if revision not in self._since:
            seen = document_at(candidate, revision)
            self._since[revision] = disciplines_of(differences(seen, self.new))
        return discipline not in self._since[revision]
