"""What people do is on the trail, and whoever may audit finds it there."""

import csv
import io
import json

import pytest
from django.conf import settings
from django.test import Client

from accounts import members, services, teams
from accounts.models import Team
from audit import chain
from audit.models import Event, Head
from layouts.services import create_project
from tests import factories
from tests.planner.policy import POLICY
from tests.planner.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "four unrelated wet words"


@pytest.fixture
def mark(db):
    """Where the trail stood when the test began."""
    return Head.objects.get().number


def since(mark: int) -> list[tuple[str, str]]:
    rows = Event.objects.filter(number__gt=mark).order_by("number")
    return list(rows.values_list("action", "result"))


@pytest.fixture
def ada(organisation):
    person = factories.member(organisation, "admin", name="Ada")
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "Ada", "password": password})
    return client


def test_signing_in_and_out_is_on_the_trail(ada, mark):
    client = sign_in(PASSWORD)
    client.post("/accounts/logout/")

    assert since(mark) == [("sign-in", "done"), ("sign-out", "done")]
    event = Event.objects.filter(number__gt=mark).earliest("number")
    assert event.actor_id == ada.pk
    assert len(event.address_hash) == 64
    assert event.reference


def test_a_wrong_password_is_on_the_trail_and_what_was_typed_is_not(ada, mark):
    sign_in("a wrong pass phrase")
    client = Client()
    client.post("/accounts/login/", {"login": "my secret by mistake", "password": "x" * 12})

    assert since(mark) == [("sign-in", "failed"), ("sign-in", "failed")]
    rows = Event.objects.filter(number__gt=mark)
    assert [row.actor_id for row in rows] == [ada.pk, None]
    assert "secret" not in str([row.content() for row in rows])
    assert "wrong pass" not in str([row.content() for row in rows])


def test_the_link_of_a_start_is_on_the_trail(ada, mark):
    key = services.make_enter_key(user=ada)
    Client().post("/enter", {"key": "wrong"})
    Client().post("/enter", {"key": key})

    assert since(mark) == [("key.enter", "failed"), ("sign-in", "done")]
    assert Event.objects.latest("number").details == {"by": "enter"}


ACTS = {
    "member.invite": lambda f: members.invite_member(
        actor=f["admin"], organisation=f["organisation"], name="Grace", role="viewer"
    ),
    "member.new-link": lambda f: members.renew_invitation(actor=f["admin"], member=f["member"]),
    "role.change": lambda f: members.change_role(
        actor=f["admin"], member=f["member"], role="viewer"
    ),
    "member.suspend": lambda f: members.suspend_member(actor=f["admin"], member=f["member"]),
    "member.reinstate": lambda f: members.reinstate_member(actor=f["admin"], member=f["member"]),
    "project-role.give": lambda f: members.give_project_role(
        actor=f["admin"],
        project=f["project"],
        organisation=f["organisation"],
        holder=f["member"].user,
        role="editor",
    ),
    "project-role.take": lambda f: members.take_project_role(
        actor=f["admin"], project=f["project"], given=f["given"]
    ),
    "team.make": lambda f: teams.make_team(
        actor=f["admin"], organisation=f["organisation"], name="Cooling"
    ),
    "team.change": lambda f: teams.set_members(
        actor=f["admin"], team=f["team"], people=[f["admin"]]
    ),
    "team.delete": lambda f: teams.delete_team(actor=f["admin"], team=f["team"]),
    "token.make": lambda f: services.create_token(user=f["admin"], name="CI", scope="read"),
    "token.revoke": lambda f: services.revoke_token(user=f["admin"], token_id=f["token"].pk),
}


@pytest.mark.parametrize("action", ACTS)
def test_an_act_writes_one_row_that_names_it(organisation, admin, action):
    member = factories.member(organisation, "editor").memberships.get()
    project = create_project(organisation=organisation, name="Site")
    team = Team.objects.create(organisation=organisation, name="Power")
    things = {
        "admin": admin,
        "organisation": organisation,
        "member": member,
        "project": project,
        "team": team,
        "token": services.create_token(user=admin, name="CI", scope="read")[0],
        "given": members.give_project_role(
            actor=admin, project=project, organisation=organisation, holder=team, role="viewer"
        ),
    }
    before = Head.objects.get().number

    ACTS[action](things)

    assert since(before) == [(action, "done")]
    event = Event.objects.latest("number")
    assert event.actor_id == admin.pk
    if not action.startswith("token."):
        assert event.organisation_id == organisation.pk


def test_a_refusal_is_on_the_trail_under_what_it_was_about(organisation, viewer, client_of):
    project = create_project(organisation=organisation, name="Site")
    client = client_of(viewer)
    before = Head.objects.get().number

    answer = client.post(f"/projects/{project.pk}/designs/", {"name": "New"})

    assert answer.status_code == 403
    assert since(before) == [("request", "refused")]
    event = Event.objects.latest("number")
    assert (event.organisation_id, event.project_id) == (organisation.pk, project.pk)
    assert event.details["action"] == "create"
    assert event.details["route"] == "projects/<uuid:project_id>/designs/"


WRITES = [
    route
    for route, rule in POLICY.items()
    if not route.startswith("GET ") and rule.access not in ("public", "own", "signed in", "link")
]


def test_an_auditor_sees_all_and_changes_nothing(db):
    """Every route that writes refuses, and each refusal is a row."""
    world = World()
    world.sign_in()
    faults = []
    for route in WRITES:
        before = Head.objects.get().number
        answer = world.ask("auditor", route, POLICY[route], world.home.ids)
        if answer.status_code != 403 or since(before) != [("request", "refused")]:
            faults.append(f"{route}: {answer.status_code} {since(before)}")

    assert faults == []
    assert len(WRITES) > 20
    for route, rule in POLICY.items():
        if route.startswith("GET ") and rule.access in ("view", "audit"):
            answer = world.ask("auditor", route, rule, world.home.ids)
            assert answer.status_code == 200 or answer.status_code in rule.may_answer, route


@pytest.fixture
def auditor(organisation):
    return factories.member(organisation, "auditor")


def trail_of(person, organisation, kind="/", **search):
    url = f"/accounts/organisations/{organisation.pk}/trail{kind}"
    return factories.client_of(person).get(url, search)


def test_the_trail_can_be_searched(organisation, auditor, admin):
    grace = factories.member(organisation, "viewer", name="Grace Hopper").memberships.get()
    members.change_role(actor=admin, member=grace, role="editor")
    teams.make_team(actor=admin, organisation=organisation, name="Cooling")

    def shown(**search):
        rows = trail_of(auditor, organisation, **search).context["rows"]
        return [row.action for row in rows if row.action != "sign-in"]

    assert shown() == ["team.make", "role.change"]
    assert shown(text="grace hopper") == ["role.change"]
    assert shown(action="team.make") == ["team.make"]
    assert shown(result="refused") == []
    assert shown(from_on="2999-01-01") == []
    assert shown(to_on="2999-01-01") == ["team.make", "role.change"]
    assert shown(from_on="nonsense") == ["team.make", "role.change"]


def test_older_rows_are_a_page_away(organisation, auditor, admin):
    for number in range(150):
        teams.make_team(actor=admin, organisation=organisation, name=f"Team {number}")

    first = trail_of(auditor, organisation, text="team.make")
    second = trail_of(auditor, organisation, text="team.make", before=first.context["older"])

    assert len(first.context["rows"]) == 100
    assert len(second.context["rows"]) == 50
    assert second.context["older"] is None


def test_a_members_own_sign_ins_are_seen_and_a_strangers_are_not(organisation, auditor, stranger):
    services.create_token(user=auditor, name="Mine", scope="read")
    services.create_token(user=stranger, name="Theirs", scope="read")

    text = trail_of(auditor, organisation).content.decode()

    assert "Mine" in text
    assert "Theirs" not in text


def test_the_trail_as_a_spreadsheet_runs_nothing(organisation, auditor, admin):
    teams.make_team(actor=admin, organisation=organisation, name="=1+1")

    answer = trail_of(auditor, organisation, ".csv")

    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    made = next(row for row in rows if row["action"] == "team.make")
    assert made["object_name"] == "'=1+1"


def test_the_trail_as_a_file_carries_its_seals(organisation, auditor, admin):
    teams.make_team(actor=admin, organisation=organisation, name="Cooling")

    answer = trail_of(auditor, organisation, ".jsonl")

    rows = [json.loads(line) for line in b"".join(answer).decode().splitlines()]
    assert rows
    for row in rows:
        assert chain.seal(row["content"], row["previous"]) == row["digest"]


def test_taking_the_trail_away_is_on_the_trail(organisation, auditor):
    trail_of(auditor, organisation, ".csv")

    event = Event.objects.latest("number")
    assert (event.action, event.actor_id) == ("trail.export", auditor.pk)


def test_the_trail_is_for_auditors_and_admins(organisation, auditor, admin, editor):
    assert trail_of(admin, organisation).status_code == 200
    assert trail_of(auditor, organisation).status_code == 200
    assert trail_of(editor, organisation).status_code == 403


def test_sessions_are_listed_and_others_ended(ada):
    here, there = sign_in(PASSWORD), sign_in(PASSWORD)
    page = here.get("/accounts/me/sessions/")
    assert len(page.context["sessions"]) == 2

    here.post("/accounts/me/sessions/end-others/")

    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert len(here.get("/accounts/me/sessions/").context["sessions"]) == 1
    assert Event.objects.latest("number").details == {"count": 1}


def test_one_session_is_ended_by_its_owner_only(ada, stranger):
    here, there = sign_in(PASSWORD), sign_in(PASSWORD)
    key = there.cookies[settings.SESSION_COOKIE_NAME].value
    session = ada.browser_sessions.get(session_key=key)
    url = f"/accounts/me/sessions/{session.pk}/end/"

    assert factories.client_of(stranger).post(url).status_code == 404
    assert there.get("/").status_code == 200
    assert here.post(url).status_code == 302
    assert there.get("/").status_code == 302
