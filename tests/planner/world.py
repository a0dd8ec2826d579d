"""Two organisations that must never meet, and everybody who might try."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.members import give_project_role
from accounts.models import Membership, Organisation, User
from accounts.services import create_token
from accounts.teams import make_team
from analysis.services import request_evaluation, request_study
from layouts.branches import fork_design
from layouts.models import Design
from layouts.services import create_design, create_project
from notices.services import notify
from reports.services import request_report
from reviews.services import add_approver, open_proposal
from reviews.threads import open_thread
from sharing.models import ShareLink
from sharing.pages import OPENED
from sharing.services import make_link, revoke_link
from tests import factories
from tests.planner import passkeys
from tests.planner.policy import Rule

PRODUCT = "nvidia-gb300-nvl72"
NOBODY = ("anonymous", "bad token")
HOLDER = "holder of a link"
# Links that open nothing here: ended, or made for something else.
POOR_HOLDERS = ("holder of an expired link", "holder of a revoked link", "holder of another link")
HOLDERS = (HOLDER, *POOR_HOLDERS)
OUTSIDERS = ("without organisation", "stranger", "suspended", "former member", "guest")
ROLES = ("auditor", "viewer", "editor", "reviewer", "admin")
ACTORS = (*NOBODY, *HOLDERS, *OUTSIDERS, *ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One organisation with one of everything, each of its texts carrying its canary."""

    organisation: Organisation
    canary: str
    people: Mapping[str, User]
    ids: Mapping[str, Any]
    links: Mapping[str, Any]  # the links that each holder has opened


def side(canary: str) -> Side:
    """An organisation in which every name says where it belongs."""
    organisation = factories.organisation(f"Org {canary}")
    people = {role: factories.member(organisation, role) for role in ROLES}
    people["guest"] = factories.member(organisation, "guest")
    people["suspended"] = factories.member(organisation, "admin", is_suspended=True)
    people["former member"] = factories.member(organisation, "admin")
    Membership.objects.filter(user=people["former member"]).delete()
    author = people["admin"]
    project = create_project(organisation=organisation, name=f"Project {canary}")
    design = create_design(project=project, name=f"Design {canary}", author=author)
    colleague = factories.member(organisation, "admin", name=f"Person {canary}")
    evaluation = request_evaluation(actor=author, design=design, revision=0)
    study = request_study(actor=author, design=design, revision=0, kind="lose-one")
    report = request_report(actor=author, design=design, revision=0, format_="csv-bom")
    token, _ = create_token(user=author, name=f"Token {canary}", scope="write")
    branch = fork_design(source=design, number=0, name=f"Branch {canary}", author=author)
    proposal = open_proposal(actor=author, source=branch, title=f"Proposal {canary}")
    approver = add_approver(
        actor=author, project=project, discipline="space", user=colleague, team=None
    )
    thread = open_thread(
        actor=author, design=design, anchor={"type": "point"}, text=f"Words {canary}"
    )
    team = make_team(actor=author, organisation=organisation, name=f"Team {canary}")
    factories.client_of(author)
    session = author.browser_sessions.get()
    passkey = Authenticator.objects.create(
        user=author,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": f"Key {canary}", "credential": passkeys.credential()},
    )
    given = give_project_role(
        actor=author,
        project=project,
        organisation=organisation,
        holder=colleague,
        role="viewer",
    )
    everybody = [colleague, *people.values()]
    notify(everybody, kind="review", text=f"Look at {canary}", url="/", about=design)
    links = _links(design, author)
    ids = {
        "pk": passkey.pk,
        "notice_id": author.notices.get().pk,
        "link_id": links[HOLDER].pk,
        "number": 0,
        "team_id": team.pk,
        "role_id": given.pk,
        "session_id": session.pk,
        "organisation_id": organisation.pk,
        "member_id": colleague.memberships.get().pk,
        "project_id": project.pk,
        "design_id": design.pk,
        "evaluation_id": evaluation.pk,
        "study_id": study.pk,
        "report_id": report.pk,
        "proposal_id": proposal.pk,
        "approver_id": approver.pk,
        "thread_id": thread.pk,
        "version": "3.0",
        "token_id": token.pk,
        "file_id": factories.weather(organisation, f"Weather {canary}").pk,
        "product_id": PRODUCT,
        "code": "not-found",
        "table": "sites",
        "kind": "points",
    }
    return Side(organisation=organisation, canary=canary, people=people, ids=ids, links=links)


def _links(design: Design, author: User) -> dict[str, ShareLink]:
    other = create_design(project=design.project, name="Another", author=author)
    links = {
        holder: make_link(
            actor=author,
            design=other if holder == POOR_HOLDERS[2] else design,
            revision=0,
            name="Link",
            allows="comment",
            days=7,
        )[0]
        for holder in HOLDERS
    }
    past = timezone.now() - timedelta(days=9)
    ended = ShareLink.objects.filter(pk=links[POOR_HOLDERS[0]].pk)
    ended.update(made_at=past, expires_at=past + timedelta(days=1))
    revoke_link(actor=author, link=links[POOR_HOLDERS[1]])
    return links


def nowhere(ids: Mapping[str, Any]) -> dict[str, Any]:
    """Ids of the same kinds that never existed."""
    return {
        name: value
        if isinstance(value, str)
        else (987_654_321 if isinstance(value, int) else uuid4())
        for name, value in ids.items()
    }


@dataclass(frozen=True, slots=True)
class World:
    """Home, where the things are, and abroad, where the stranger is an admin."""

    home: Side = field(default_factory=lambda: side("canary-home"))
    abroad: Side = field(default_factory=lambda: side("canary-abroad"))
    lonely: User = field(default_factory=factories.user)
    sessions: dict[str, str] = field(default_factory=dict)

    def person(self, actor: str) -> User | None:
        """Who an actor is; None for nobody."""
        if actor in (*NOBODY, *HOLDERS):
            return None
        if actor == "without organisation":
            return self.lonely
        if actor == "stranger":
            return self.abroad.people["admin"]
        return self.home.people[actor]

    def client(self, actor: str) -> Client:
        """The browser of an actor."""
        client = Client(raise_request_exception=False)
        if actor in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[actor]
        return client

    def sign_in(self) -> None:
        """Open a session for everybody once; requests are undone, sessions stay."""
        for actor in ACTORS:
            person = self.person(actor)
            if person is not None:
                client = factories.client_of(person)
                session = client.session
                # Pages that ask for the password once more have it.
                proof = {"method": "password", "at": time.time(), "reauthenticated": True}
                session["account_authentication_methods"] = [proof]
                session[PROVEN] = str(person.pk)
                session.save()
                self.sessions[actor] = client.cookies[settings.SESSION_COOKIE_NAME].value
        for holder, link in self.home.links.items():
            client = Client()
            session = client.session
            # An ended link was opened while it lived.
            session[OPENED] = [str(link.pk)]
            session.save()
            self.sessions[holder] = session.session_key

    def ask(self, actor: str, route: str, rule: Rule, ids: Mapping[str, Any]) -> HttpResponse:
        """Send a route's request as an actor."""
        method, _, path = route.partition(" ")
        url = "/" + path.format(**ids) + (f"?{rule.query}" if rule.query else "")
        body = rule.body(ids) if rule.body else None
        headers = {"Authorization": "Bearer wrong"} if actor == "bad token" else {}
        client = self.client(actor)
        if rule.is_form:
            return client.post(url, body or {}, headers=headers)
        kind = {"content_type": "application/json"} if body is not None else {}
        return client.generic(method, url, _encoded(body), headers=headers, **kind)


def _encoded(body: Any) -> bytes:
    return b"" if body is None else json.dumps(body, default=str).encode()


def anonymised(response: HttpResponse, ids: Mapping[str, Any]) -> str:
    """A response without what differs from one request to the next."""
    text = response.content.decode() if not response.streaming else ""
    text = UUID.sub("ID", text)
    text = text.replace(f"/members/{ids['member_id']}/", "/members/ID/")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r"\b[0-9a-f]{12}\b", "REFERENCE", text)
    return f"{response.status_code} {text}"


PROVEN = "account_authentication_methods_user"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def http_routes() -> Iterator[tuple[str, frozenset[str]]]:
    """Every HTTP route with the methods it declares; none when it does not say."""
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
    for entry in resolver.url_patterns:
        path = prefix + CONVERTER.sub(r"{\1}", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        else:
            yield path, _methods(entry)


def _methods(entry: URLPattern) -> frozenset[str]:
    # An endpoint's view closes over the operations of its path.
    held = [cell.cell_contents for cell in getattr(entry.callback, "__closure__", None) or ()]
    operations = [each for view in held for each in getattr(view, "operations", ())]
    return frozenset(method for operation in operations for method in operation.methods)
