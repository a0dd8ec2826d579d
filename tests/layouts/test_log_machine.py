"""The log against a model of a few lines: any order of pushes, retries, undo, redo, restarts."""

import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from layouts import history, log, selectors, services
from layouts.errors import NothingToRedo, NothingToUndo
from tests import factories
from tests.layouts.drawing import create, delete, element_id, move, put, rack

numbers = st.integers(1, 6)
people = st.integers(0, 1)


class LogMachine(RuleBasedStateMachine):
    """Two people change six racks that do not refer to each other.

    The model holds every state there was, and for each person the changes that undo and
    redo walk through: what each group of each rack was before and after.
    """

    @initialize()
    def start(self):
        organisation = factories.organisation()
        self.people = [factories.member(organisation, "editor") for _ in range(2)]
        project = services.create_project(organisation=organisation, name="Site")
        self.design = services.create_design(project=project, name="Hall", author=self.people[0])
        self.states = [{}]
        self.done = ([], [])
        self.undone = ([], [])
        self.last = None

    def now(self):
        return self.states[-1]

    def request(self, person, call, **arguments):
        """Send a request, remember it for a retry, and compare the numbers."""
        self.design.refresh_from_db()
        sent = {
            "design": self.design,
            "author": self.people[person],
            "request_id": uuid.uuid4(),
            **arguments,
        }
        with TestCase.captureOnCommitCallbacks(execute=True):
            outcome = call(**sent)
        self.last = (call, sent, outcome)
        return outcome

    def push(self, person, after, edit):
        outcome = self.request(person, services.append_edits, base=0, edits=[edit], label="x")
        if after is None:
            assert outcome.effective == []
            return
        change = (self.now(), after)
        self.states.append(after)
        self.done[person].append(change)
        self.undone[person].clear()
        assert outcome.number == len(self.states) - 1

    @rule(person=people, number=numbers)
    def create(self, person, number):
        element = rack(number)
        is_new = element["id"] not in self.now()
        self.push(
            person, {**self.now(), element["id"]: element} if is_new else None, create(element)
        )

    @rule(person=people, number=numbers)
    def delete(self, person, number):
        id_ = element_id(number)
        after = {key: value for key, value in self.now().items() if key != id_}
        self.push(person, after if id_ in self.now() else None, delete(id_))

    @rule(person=people, number=numbers, kw=st.sampled_from([100, 120.5, None]))
    def load(self, person, number, kw):
        id_ = element_id(number)
        value = None if kw is None else {"tdp_kw": kw}
        after = None
        if id_ in self.now():
            element = {key: group for key, group in self.now()[id_].items() if key != "load"}
            after = {**self.now(), id_: element if kw is None else {**element, "load": value}}
        self.push(person, after, put(number, "load", value))

    @rule(person=people, chosen=st.lists(numbers, min_size=1, unique=True), dx=st.integers(1, 9))
    def move(self, person, chosen, dx):
        ids = [element_id(number) for number in chosen]
        after = None
        if all(id_ in self.now() for id_ in ids):
            after = dict(self.now())
            for id_ in ids:
                place = after[id_]["placement"]
                after[id_] = {**after[id_], "placement": {**place, "x_mm": place["x_mm"] + dx}}
        self.push(person, after, move(ids, dx))

    @rule(person=people)
    def undo(self, person):
        if not self.done[person]:
            with pytest.raises(NothingToUndo):
                self.request(person, history.undo)
            return
        self.way_back(person, history.undo, self.done, self.undone)

    @rule(person=people)
    def redo(self, person):
        if not self.undone[person]:
            with pytest.raises(NothingToRedo):
                self.request(person, history.redo)
            return
        self.way_back(person, history.redo, self.undone, self.done)

    def way_back(self, person, call, taken_from, given_to):
        before, after = taken_from[person].pop()
        head = self.now()
        result = taken_back(before, after, head)
        self.states.append(result)
        given_to[person].append((head, result))
        outcome = self.request(person, call)
        assert outcome.number == len(self.states) - 1

    @rule(person=people, data=st.data())
    def restore(self, person, data):
        number = data.draw(st.integers(0, len(self.states) - 1))
        self.request(person, history.restore, number=number)
        self.done[person].append((self.now(), self.states[number]))
        self.undone[person].clear()
        self.states.append(self.states[number])

    @rule()
    def retry(self):
        if self.last is None:
            return
        call, sent, first = self.last
        again = call(**sent)
        assert again.duplicate
        assert (again.number, list(again.effective), list(again.refused)) == (
            first.number,
            list(first.effective),
            list(first.refused),
        )

    @rule()
    def restart(self):
        selectors.recent.clear()

    @invariant()
    def the_log_is_what_the_model_says(self):
        if not hasattr(self, "design"):
            return
        self.design.refresh_from_db()
        assert self.design.head == len(self.states) - 1
        assert selectors.document_at(self.design, self.design.head).elements == self.now()
        log_numbers = list(
            self.design.revisions.order_by("number").values_list("number", flat=True)
        )
        assert log_numbers == list(range(1, len(self.states)))

    def teardown(self):
        selectors.recent.clear()
        if hasattr(self, "design"):
            for number, state in enumerate(self.states):
                assert selectors.document_at(self.design, number).elements == state


def taken_back(before, after, head):
    """The state after a change from `before` to `after` is taken back at `head`."""
    result = dict(head)
    for id_ in before.keys() | after.keys():
        old, mine, now = before.get(id_), after.get(id_), head.get(id_)
        if old == mine:
            continue
        if old is None:
            if now == mine:
                del result[id_]
        elif mine is None:
            if now is None:
                result[id_] = old
        elif now is not None:
            merged = dict(now)
            for group in old.keys() | mine.keys():
                if old.get(group) != mine.get(group) and now.get(group) == mine.get(group):
                    merged.pop(group, None)
                    if group in old:
                        merged[group] = old[group]
            result[id_] = merged
    return result


class TestLog(TestCase, LogMachine.TestCase):
    """Runs the machine, each time in a transaction that is rolled back."""

    settings = settings(
        max_examples=25,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )

    def setUp(self):
        super().setUp()
        self.snapshots, log.SNAPSHOT_REVISIONS = log.SNAPSHOT_REVISIONS, 4

    def tearDown(self):
        log.SNAPSHOT_REVISIONS = self.snapshots
        super().tearDown()
