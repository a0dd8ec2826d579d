"""Reviews against a model of a few lines: any order of edits, moves, words and merges.

`PLENUM_INTERLEAVINGS` sets how many runs there are; each tries up to 25 steps.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from accounts.permissions import asked_once
from analysis import runs
from engine.errors import PlannerError
from layouts import branches, selectors
from layouts import services as layouts
from layouts.models import Design
from reviews import examination, services
from reviews.models import Proposal, Verdict
from tests import factories
from tests.layouts.drawing import element_id, move, put, rack

RUNS = int(os.environ.get("PLENUM_INTERLEAVINGS", "100"))
RACKS = range(1, 3)
LIMIT_KW = 8
FIRST_MOVE = 5
LINES = ("main", "branch", "side")
CELLS = [(number, group) for number in RACKS for group in ("place", "load")]

people = st.integers(0, 3)
# Mostly those who can: else nearly every run would end before there is anything to merge.
drawing = st.sampled_from([3, 3, 3, 3, 0, 1])
judging = st.sampled_from([1, 1, 2, 2, 0, 3])
moves = st.sampled_from(["submit"] * 3 + ["withdraw", "reopen", "reopen", "decline"])
racks = st.sampled_from(RACKS)
groups = st.sampled_from(["place", "load"])
drawable = ("branch", "side")
drawn = st.sampled_from(drawable)


@dataclass(frozen=True, kw_only=True)
class Site:
    """An admin, two reviewers, an editor; a protected line and two branches, one in review."""

    people: list[User]
    lines: dict[str, Design]
    proposal: Proposal


@pytest.fixture
def site(db, organisation) -> Iterator[Site]:
    """What every run starts from, made once: each undoes what it did.

    The engine's verdict is not what is tried here: every candidate is judged at once, with
    one finding for each rack of more than `LIMIT_KW`.
    """
    roles = ("admin", "reviewer", "reviewer", "editor")
    people = [factories.member(organisation, role) for role in roles]
    project = layouts.create_project(organisation=organisation, name="Site")
    elements = [rack(number) for number in RACKS]
    main = layouts.create_design(project=project, name="Main", author=people[0], elements=elements)
    branch = branches.fork_design(source=main, number=1, name="Branch", author=people[3])
    branches.protect(design=main, is_protected=True)
    side = branches.fork_design(source=main, number=1, name="Side", author=people[0])
    with (
        mock.patch.object(runs, "stored", lambda key: True),
        mock.patch.object(examination, "result_of", verdict),
    ):
        first = move([element_id(1)], FIRST_MOVE)
        layouts.append_edits(
            design=branch, base=1, edits=[first], author=people[3], request_id=uuid.uuid4()
        )
        proposal = services.open_proposal(actor=people[3], source=branch, title="Change")
        services.move(actor=people[3], proposal=proposal, move="submit")
        lines = {"main": main, "branch": branch, "side": side}
        yield Site(people=people, lines=lines, proposal=proposal)


def verdict(job):
    """What the engine would say of racks that draw too much."""
    document = selectors.document_at(job.design, job.revision)
    return {
        "cooling": {"loops": []},
        "findings": [
            {
                "id": f"POW-OVER:{number}",
                "rule": "POW-OVER",
                "discipline": "power",
                "severity": "blocking",
                "title": f"Rack {number} draws too much",
                "detail": "Give it less.",
                "element_ids": [element_id(number)],
            }
            for number in RACKS
            if load_of(document, number) > LIMIT_KW
        ],
    }


def load_of(document, number):
    """The load that a rack was given, kW."""
    return document.elements[element_id(number)].get("load", {}).get("tdp_kw", 0)


def asked(sql):
    """The rows that the database answers with."""
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchall()


class ReviewMachine(RuleBasedStateMachine):
    """An admin, two reviewers and an editor share one protected line and two branches.

    Person 0 (admin) and 3 (editor) draw, everybody tries everything. The model holds each
    line as a plain table of values by rack and group, and for each discipline the content
    that was approved last, by whom.
    """

    def __init__(self, site):
        super().__init__()
        self.site, self.people = site, site.people
        self.heads()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.roles = asked_once()
        self.roles.__enter__()
        self.main, self.branch, self.side = (site.lines[line] for line in LINES)
        self.tables = {line: dict.fromkeys(CELLS, 0) for line in LINES}
        self.base = {line: dict.fromkeys(CELLS, 0) for line in drawable}
        self.tables["branch"][1, "place"] = FIRST_MOVE
        self.drew = {"branch": {3}, "side": set()}
        self.approved = {}
        self.proposal = site.proposal
        self.seen = ""
        self.merged = 0

    def teardown(self):
        """Leave the database as it was found, and nothing in memory."""
        self.roles.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        selectors.recent.clear()

    def heads(self):
        """Bring the three lines to what the database says of them.

        This and the other question of every step are in SQL: they are most of what is asked.
        """
        rows = asked("SELECT id, head, head_hash FROM layouts_design")
        # Some databases know what a UUID is, others give its digits.
        found = {uuid.UUID(str(id_)): (head, head_hash) for id_, head, head_hash in rows}
        for design in self.site.lines.values():
            design.head, design.head_hash = found[design.pk]

    # --- What people try

    @rule(person=people, number=racks, dx=st.integers(1, 9), line=drawn)
    def shift(self, person, number, dx, line):
        self.push(person, line, move([element_id(number)], dx), (number, "place"), dx)

    @rule(person=people, number=racks, kw=st.integers(1, 9), line=drawn)
    def load(self, person, number, kw, line):
        edit = put(number, "load", {"tdp_kw": kw})
        self.push(person, line, edit, (number, "load"), kw - self.tables[line][number, "load"])

    def push(self, person, line, edit, cell, delta):
        design = self.site.lines[line]
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
        if as_author and name != "decline":
            person = next(n for n, each in enumerate(self.people) if each == self.proposal.author)
        self.attempt(
            services.move, actor=self.people[person], move=name, reason="So", on_proposal=True
        )

    @rule(person=people)
    def refresh(self, person):
        self.attempt(services.refresh, actor=self.people[person], on_proposal=True)

    @rule(person=people, side=st.sampled_from(["ours", "theirs"]))
    def resolve(self, person, side):
        if conflicts := self.current().conflicts:
            self.attempt(
                services.resolve,
                actor=self.people[person],
                key=conflicts[0]["key"],
                side=side,
                on_proposal=True,
            )

    @rule()
    def look(self):
        """Remember what the page shows now; decisions later are about this."""
        candidate, number = self.current().candidate, self.current().candidate_revision
        self.seen = selectors.state_hash_at(candidate, number) if number else ""

    @rule(person=st.sampled_from([1, 2]))
    def approve_all(self, person):
        """What an approver does most often: look, and say yes to all of it."""
        if self.is_over:
            return
        self.attempt(services.refresh, actor=self.people[3], on_proposal=True)
        self.look()
        for discipline in ("space", "power", "cooling"):
            self.approve(person, discipline)

    @rule(person=judging, discipline=st.sampled_from(["space", "power", "cooling"]))
    def approve(self, person, discipline):
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
            cells = self.read_of(content)
            assert self.too_much(cells) <= self.too_much(self.tables["main"])
            said = self.approved.setdefault((proposal.pk, discipline), {})
            said.setdefault(person, []).append((approval.pk, self.concern(discipline, cells)))

    @rule(person=people)
    def retract(self, person):
        approval = self.proposal.approvals.filter(retracted_at=None).order_by("-at").first()
        if approval is None:
            return
        done = self.attempt(
            services.retract,
            actor=self.people[person],
            approval_id=approval.pk,
            on_proposal=True,
        )
        if done is not None:
            assert approval.approver_id == self.people[person].pk
            held = self.approved[self.proposal.pk, approval.discipline][person]
            held.remove(next(each for each in held if each[0] == approval.pk))

    @rule(person=drawing, looks=st.booleans())
    def merge(self, person, looks=False):
        """With a look at what is there now, or on what was seen some time ago."""
        if looks:
            self.attempt(services.refresh, actor=self.people[person], on_proposal=True)
            self.look()
        conflicts = self.current().conflicts
        merged = self.attempt(
            services.merge_proposal,
            actor=self.people[person],
            candidate_hash=self.seen,
            on_proposal=True,
        )
        if merged is None:
            return
        assert not conflicts
        self.heads()
        self.approved_as_it_is(merged)
        line = "branch" if merged.source_id == self.branch.pk else "side"
        assert self.main.head_hash == self.seen
        assert merged.merged_revision == self.main.head
        self.accept(line)
        self.merged += 1
        self.proposal = merged

    @rule(reviewer=st.sampled_from([1, 2]), person=drawing, line=drawn)
    def land(self, reviewer, person, line):
        """The way that most proposals go."""
        if self.is_over:
            self.open(person, line, submits=True)
        self.approve_all(reviewer)
        self.merge(person)

    @rule(number=racks, group=groups, value=st.integers(1, 8), line=drawn)
    def bring(self, number, group, value, line):
        """One change from the drawing to the main line, so that both lines often meet there."""
        if group == "place":
            self.shift(3, number, value, line)
        else:
            self.load(3, number, value, line)
        self.open(3, line, submits=True)
        self.approve_all(1)
        self.merge(3)

    def approved_as_it_is(self, merged):
        """Each discipline's part of what came in is what somebody last approved."""
        before, now = self.tables["main"], self.read(self.main)
        for discipline in ("space", "power", "cooling"):
            came = self.concern(discipline, now)
            if came != self.concern(discipline, before):
                said = self.approved.get((merged.pk, discipline), {})
                assert any(held and held[-1][1] == came for held in said.values()), discipline

    def concern(self, discipline, cells):
        """The values that a discipline judges: space where racks stand, others what they draw."""
        wanted = "place" if discipline == "space" else "load"
        return [value for (_, group), value in cells.items() if group == wanted]

    def accept(self, line):
        """Bring the model's line into its main table: what either side changed is there."""
        main, theirs, base = self.tables["main"], self.tables[line], self.base[line]
        now = self.read(self.main)
        assert self.too_much(now) <= self.too_much(main)
        for cell, value in now.items():
            wanted = {main[cell]} if theirs[cell] == base[cell] else {theirs[cell]}
            if main[cell] != base[cell] and theirs[cell] != base[cell]:
                wanted = {main[cell], theirs[cell]}
            assert value in wanted, (cell, value, wanted)
        self.tables["main"] = now
        self.base[line] = dict(theirs)
        self.drew[line] = set()

    # --- How it is tried

    @property
    def is_over(self):
        """Whether what was talked about last is merged, and the next proposal is not opened."""
        return self.proposal.state == Proposal.State.MERGED

    def current(self):
        return Proposal.objects.select_related("source", "target", "candidate").get(
            pk=self.proposal.pk
        )

    def attempt(self, call, *, on_proposal=False, **arguments):
        """What a call gave; None where it was refused with an error of ours."""
        if on_proposal:
            arguments["proposal"] = self.current()
        try:
            return call(**arguments)
        except PlannerError:
            return None

    def read(self, design):
        return self.read_of(selectors.document_at(design, design.head))

    def read_of(self, document):
        cells = {}
        for number in RACKS:
            element = document.elements[element_id(number)]
            cells[number, "place"] = element["placement"]["x_mm"] - 600 * number
            cells[number, "load"] = load_of(document, number)
        return cells

    def too_much(self, table):
        """The racks that draw more than they may, by the model."""
        return {number for number in RACKS if table[number, "load"] > LIMIT_KW}

    # --- What always holds

    @invariant()
    def no_edit_is_lost_and_the_main_line_is_what_was_merged(self):
        self.heads()
        for line, design in self.site.lines.items():
            assert self.read(design) == self.tables[line], line
            if line == "main":
                assert design.head == 1 + self.merged

    @invariant()
    def nobody_approved_their_own_proposal(self):
        assert not asked(
            "SELECT a.id FROM reviews_approval a JOIN reviews_proposal p ON p.id = a.proposal_id"
            " WHERE a.approver_id = p.author_id"
        )


def test_no_order_of_steps_approves_other_bytes_or_own_work_or_loses_an_edit(site):
    run_state_machine_as_test(
        lambda: ReviewMachine(site),
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_machine_reaches_a_merge(site):
    """The rules above are no use if every run ends before the interesting part."""
    machine = ReviewMachine(site)
    machine.shift(3, 2, 5, "branch")
    machine.refresh(3)
    machine.look()
    machine.approve(3, "space")
    machine.approve(1, "space")
    machine.merge(3)
    machine.no_edit_is_lost_and_the_main_line_is_what_was_merged()

    assert machine.merged == 1
    machine.teardown()
