"""Reviews against a model of a few lines: any order of edits, moves, words and merges.

`PLENUM_INTERLEAVINGS` sets how many runs there are; each tries up to thirty steps.
"""

import os
import uuid
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from analysis.models import Evaluation, State
from engine.errors import PlannerError
from layouts import branches, selectors
from layouts import services as layouts
from reviews import examination, services
from reviews.models import Approval, Proposal, Verdict
from tests import factories
from tests.layouts.drawing import element_id, move, put, rack

RUNS = int(os.environ.get("PLENUM_INTERLEAVINGS", "12"))
RACKS = range(1, 4)
EMPTY_RESULT = {"findings": []}

people = st.integers(0, 3)
# Mostly those who can: else nearly every run would end before there is anything to merge.
drawing = st.sampled_from([3, 3, 3, 3, 0, 1])
judging = st.sampled_from([1, 1, 2, 2, 0, 3])
moves = st.sampled_from(["submit"] * 3 + ["withdraw", "reopen", "reopen", "decline"])
racks = st.sampled_from(RACKS)
drawn = st.sampled_from(["branch", "side"])


class ReviewMachine(RuleBasedStateMachine):
    """An admin, two reviewers and an editor share one protected line and one branch.

    Person 0 (admin) and 3 (editor) draw, everybody tries everything. The model holds each
    line as a plain table of values by rack and group, and for each discipline the content
    that was approved last, by whom.
    """

    @initialize()
    def start(self):
        organisation = factories.organisation()
        roles = ("admin", "reviewer", "reviewer", "editor")
        self.people = [factories.member(organisation, role) for role in roles]
        project = layouts.create_project(organisation=organisation, name="Site")
        elements = [rack(number) for number in RACKS]
        self.main = layouts.create_design(
            project=project, name="Main", author=self.people[0], elements=elements
        )
        self.branch = branches.fork_design(
            source=self.main, number=1, name="Branch", author=self.people[3]
        )
        branches.protect(design=self.main, is_protected=True)
        self.side = branches.fork_design(
            source=self.main, number=1, name="Side", author=self.people[0]
        )
        table = {(n, group): 0 for n in RACKS for group in ("place", "load")}
        self.tables = {"branch": dict(table), "side": dict(table), "main": dict(table)}
        self.base = {"branch": dict(table), "side": dict(table)}
        self.drew = {"branch": set(), "side": set()}
        self.proposal = None
        self.seen = None
        self.merged = 0

    # --- What people try

    @rule(
        person=people, number=racks, dx=st.integers(1, 9), line=st.sampled_from(["branch", "side"])
    )
    def shift(self, person, number, dx, line):
        self.push(person, line, move([element_id(number)], dx), (number, "place"), dx)

    @rule(
        person=people, number=racks, kw=st.integers(1, 9), line=st.sampled_from(["branch", "side"])
    )
    def load(self, person, number, kw, line):
        edit = put(number, "load", {"tdp_kw": kw})
        self.push(person, line, edit, (number, "load"), kw - self.tables[line][number, "load"])

    def push(self, person, line, edit, cell, delta):
        design = getattr(self, line)
        design.refresh_from_db()
        layouts.append_edits(
            design=design,
            base=design.head,
            edits=[edit],
            author=self.people[person],
            request_id=uuid.uuid4(),
        )
        self.tables[line][cell] += delta
        self.drew[line].add(person)

    @rule(person=drawing, line=drawn, submits=st.sampled_from([True, True, True, False]))
    def open(self, person, line, submits=False):
        made = self.attempt(
            services.open_proposal,
            actor=self.people[person],
            source=getattr(self, line),
            title="Change",
        )
        if made is not None:
            self.proposal = made
            if submits:
                self.step(person, "submit")

    @rule(person=drawing, name=moves, as_author=st.booleans())
    def step(self, person, name, as_author=False):
        if as_author and self.proposal is not None and name != "decline":
            person = next(n for n, each in enumerate(self.people) if each == self.proposal.author)
        self.attempt(
            services.move, actor=self.people[person], move=name, reason="So", on_proposal=True
        )

    @rule(person=people)
    def refresh(self, person):
        self.attempt(services.refresh, actor=self.people[person], on_proposal=True)

    @rule(person=people, side=st.sampled_from(["ours", "theirs"]))
    def resolve(self, person, side):
        if self.proposal is not None and self.current().conflicts:
            self.attempt(
                services.resolve,
                actor=self.people[person],
                key=self.current().conflicts[0]["key"],
                side=side,
                on_proposal=True,
            )

    @rule()
    def look(self):
        """Remember what the page shows now; decisions later are about this."""
        if self.proposal is not None:
            self.seen = examination.examine(self.current()).candidate_hash

    @rule(person=st.sampled_from([1, 2]))
    def approve_all(self, person):
        """What an approver does most often: look, and say yes to all of it."""
        self.attempt(services.refresh, actor=self.people[3], on_proposal=True)
        self.look()
        for discipline in ("space", "power", "cooling"):
            self.approve(person, discipline)

    @rule(person=judging, discipline=st.sampled_from(["space", "power", "cooling"]))
    def approve(self, person, discipline):
        if self.proposal is None or self.seen is None:
            return
        approval = self.attempt(
            services.judge,
            actor=self.people[person],
            discipline=discipline,
            verdict=Verdict.APPROVED,
            candidate_hash=self.seen,
            on_proposal=True,
        )
        if approval is not None:
            proposal = self.current()
            line = "branch" if proposal.source_id == self.branch.pk else "side"
            assert person in (0, 1, 2)
            assert approval.approver_id != proposal.author_id
            assert person not in self.drew[line]
            assert approval.candidate_hash == self.seen == proposal.candidate.head_hash
            content = selectors.document_at(proposal.candidate, approval.candidate_revision)
            assert content.state_hash == self.seen

    @rule(person=people)
    def retract(self, person):
        approval = Approval.objects.filter(retracted_at=None).order_by("-at").first()
        if self.proposal is None or approval is None:
            return
        done = self.attempt(
            services.retract,
            actor=self.people[person],
            approval_id=approval.pk,
            on_proposal=True,
        )
        if done is not None:
            assert approval.approver_id == self.people[person].pk

    @rule(person=drawing)
    def merge(self, person):
        if self.proposal is None or self.seen is None:
            return
        before = self.current()
        standings = {each.discipline: each for each in examination.examine(before).reviews}
        conflicts = before.conflicts
        merged = self.attempt(
            services.merge_proposal,
            actor=self.people[person],
            candidate_hash=self.seen,
            on_proposal=True,
        )
        if merged is None:
            return
        assert not conflicts
        assert all(each.standing == "approved" for each in standings.values())
        line = "branch" if merged.source_id == self.branch.pk else "side"
        self.main.refresh_from_db()
        assert self.main.head_hash == self.seen
        assert merged.merged_revision == self.main.head
        self.accept(line)
        self.merged += 1
        self.proposal = self.seen = None

    @rule(reviewer=st.sampled_from([1, 2]), person=drawing)
    def land(self, reviewer, person):
        """The way that most proposals go."""
        self.approve_all(reviewer)
        self.merge(person)

    def accept(self, line):
        """Bring the model's line into its main table: what either side changed is there."""
        main, theirs, base = self.tables["main"], self.tables[line], self.base[line]
        now = self.read(self.main)
        for cell, value in now.items():
            wanted = {main[cell]} if theirs[cell] == base[cell] else {theirs[cell]}
            if main[cell] != base[cell] and theirs[cell] != base[cell]:
                wanted = {main[cell], theirs[cell]}
            assert value in wanted, (cell, value, wanted)
        self.tables["main"] = now
        self.base[line] = dict(theirs)
        self.drew[line] = set()

    # --- How it is tried

    def current(self):
        return Proposal.objects.select_related("source", "target", "candidate").get(
            pk=self.proposal.pk
        )

    def attempt(self, call, *, on_proposal=False, **arguments):
        """What a call gave; None where it was refused with an error of ours."""
        if on_proposal:
            if self.proposal is None:
                return None
            arguments["proposal"] = self.current()
        try:
            with TestCase.captureOnCommitCallbacks(execute=True):
                return call(**arguments)
        except PlannerError:
            return None
        finally:
            Evaluation.objects.filter(state=State.QUEUED).update(state=State.DONE)

    def read(self, design):
        document = selectors.document_at(design, design.head)
        cells = {}
        for number in RACKS:
            element = document.elements[element_id(number)]
            cells[number, "place"] = element["placement"]["x_mm"] - 600 * number
            cells[number, "load"] = element.get("load", {}).get("tdp_kw", 0)
        return cells

    # --- What always holds

    @invariant()
    def no_edit_is_lost_and_the_main_line_is_what_was_merged(self):
        if not hasattr(self, "main"):
            return
        for line in ("main", "branch", "side"):
            design = getattr(self, line)
            design.refresh_from_db()
            assert self.read(design) == self.tables[line], line
        assert self.main.head == 1 + self.merged

    @invariant()
    def nobody_approved_their_own_proposal(self):
        for approval in Approval.objects.all():
            assert approval.approver_id != approval.proposal.author_id

    def teardown(self):
        selectors.recent.clear()


class TestReviews(TestCase, ReviewMachine.TestCase):
    """Runs the machine, each time in a transaction that is rolled back.

    The engine's verdict is not what is tried here: every candidate is judged at once, and
    without a finding.
    """

    settings = settings(
        max_examples=RUNS,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    def setUp(self):
        super().setUp()
        self.judged = mock.patch.object(examination, "result_of", lambda job: EMPTY_RESULT)
        self.judged.start()

    def tearDown(self):
        self.judged.stop()
        super().tearDown()


@pytest.mark.django_db
def test_the_machine_reaches_a_merge():
    """The rules above are no use if every run ends before the interesting part."""
    machine = ReviewMachine()
    with mock.patch.object(examination, "result_of", lambda job: EMPTY_RESULT):
        machine.start()
        machine.shift(3, 1, 5, "branch")
        machine.open(3, "branch")
        machine.step(3, "submit")
        machine.look()
        machine.approve(3, "space")
        machine.approve(1, "space")
        machine.merge(3)
        machine.no_edit_is_lost_and_the_main_line_is_what_was_merged()

    assert machine.merged == 1
