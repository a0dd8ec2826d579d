"""Who may use which route: every HTTP route, socket and task has a row here, or the tests fail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

PUBLIC = "public"  # anybody, signed in or not
SIGNED_IN = "signed in"  # any person; what they see is limited to their organisations
OWN = "own"  # the person it belongs to
LINK = "link"  # whoever holds the live share link, and nobody else, whatever their role
Ids = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may use one method of one route."""

    access: str  # one of the above, or an action of accounts.permissions
    body: Callable[[Ids], Any] | None = None
    is_form: bool = False
    query: str = ""
    may_answer: frozenset[int] = frozenset()  # refusals that come from the state, not the person
    lists: bool = False  # what it shows depends on who asks, without naming anything in the address


def json_body(**fields: Any) -> Callable[[Ids], dict[str, Any]]:
    return lambda ids: {name: _fresh(value, ids) for name, value in fields.items()}


def _fresh(value: Any, ids: Ids) -> Any:
    return value(ids) if callable(value) else value


def id_of(name: str) -> Callable[[Ids], str]:
    return lambda ids: str(ids[name])


def request_id(ids: Ids) -> str:
    return str(uuid4())


def get(access: str, **more: Any) -> Rule:
    return Rule(access=access, **more)


def form(access: str, **fields: Any) -> Rule:
    return Rule(access=access, body=json_body(**fields), is_form=True)


def post(access: str, **fields: Any) -> Rule:
    return Rule(access=access, body=json_body(**fields))


# Nobody ran the job of the fixture, so there is no result.
NOT_YET = frozenset({404, 503})
# Without a second factor there is none to show, check or take away.
NOT_NOW = frozenset({403, 404})
# A move of a proposal belongs to its author, or to who did not work on it.
BY_STATE = frozenset({403})
TEAMS = "accounts/organisations/{organisation_id}/teams/"
MEMBERS = "accounts/organisations/{organisation_id}/members/"


def weather_file(ids: Ids) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("a.epw", b"no weather")}


POLICY: Mapping[str, Rule] = {
    # The project itself
    "GET healthz": get(PUBLIC),
    "GET readyz": get(PUBLIC),
    "GET setup": get(PUBLIC),
    "POST setup": form(PUBLIC),
    "GET enter": get(PUBLIC),
    "POST enter": form(PUBLIC, key="wrong"),
    "GET join": get(PUBLIC),
    "POST join": form(PUBLIC, key="wrong"),
    "GET accept": get(SIGNED_IN),
    "POST accept": Rule(
        access=SIGNED_IN, body=json_body(key="wrong"), is_form=True, may_answer=frozenset({403})
    ),
    "GET docs/problems/{code}": get(PUBLIC),
    "GET api/openapi.json": get(PUBLIC),
    "GET api/docs": get(PUBLIC),
    "GET api/": get(PUBLIC),
    # Accounts
    "GET accounts/login/": get(PUBLIC),
    "POST accounts/login/": form(PUBLIC),
    "GET accounts/signup/": get(PUBLIC),
    "POST accounts/signup/": form(PUBLIC),
    "GET accounts/inactive/": get(PUBLIC),
    "GET accounts/2fa/authenticate/": get(PUBLIC),
    "GET accounts/logout/": get(PUBLIC),
    "POST accounts/logout/": form(PUBLIC),
    "GET accounts/reauthenticate/": get(SIGNED_IN, may_answer=NOT_NOW),
    "POST accounts/reauthenticate/": Rule(
        access=SIGNED_IN, body=json_body(password="wrong"), is_form=True, may_answer=NOT_NOW
    ),
    "GET accounts/password/change/": get(SIGNED_IN),
    "POST accounts/password/change/": form(SIGNED_IN),
    "GET accounts/password/set/": get(SIGNED_IN),
    "POST accounts/password/set/": form(SIGNED_IN),
    "GET accounts/2fa/": get(SIGNED_IN),
    "POST accounts/2fa/authenticate/": form(PUBLIC),
    "GET accounts/2fa/reauthenticate/": get(SIGNED_IN, may_answer=NOT_NOW),
    "POST accounts/2fa/reauthenticate/": Rule(access=SIGNED_IN, is_form=True, may_answer=NOT_NOW),
    "GET accounts/2fa/totp/activate/": get(SIGNED_IN),
    "POST accounts/2fa/totp/activate/": form(SIGNED_IN, code="000000"),
    "GET accounts/2fa/totp/deactivate/": get(SIGNED_IN, may_answer=NOT_NOW),
    "POST accounts/2fa/totp/deactivate/": Rule(access=SIGNED_IN, is_form=True, may_answer=NOT_NOW),
    "GET accounts/2fa/recovery-codes/": get(SIGNED_IN, may_answer=NOT_NOW),
    "GET accounts/2fa/recovery-codes/generate/": get(SIGNED_IN),
    "POST accounts/2fa/recovery-codes/generate/": form(SIGNED_IN),
    "GET accounts/2fa/recovery-codes/download/": get(SIGNED_IN, may_answer=NOT_NOW),
    "POST accounts/2fa/recovery-codes/download/": Rule(
        access=SIGNED_IN, is_form=True, may_answer=frozenset({404, 405})
    ),
    "GET accounts/2fa/webauthn/": get(SIGNED_IN),
    "GET accounts/2fa/webauthn/add/": get(SIGNED_IN),
    "POST accounts/2fa/webauthn/add/": form(SIGNED_IN),
    "GET accounts/2fa/webauthn/reauthenticate/": get(SIGNED_IN, may_answer=NOT_NOW),
    "POST accounts/2fa/webauthn/reauthenticate/": Rule(
        access=SIGNED_IN, is_form=True, may_answer=NOT_NOW
    ),
    "GET accounts/2fa/webauthn/login/": get(PUBLIC),
    "POST accounts/2fa/webauthn/login/": form(PUBLIC),
    "GET accounts/2fa/webauthn/keys/{pk}/remove/": get(OWN),
    "POST accounts/2fa/webauthn/keys/{pk}/remove/": form(OWN),
    "GET accounts/2fa/webauthn/keys/{pk}/edit/": get(OWN),
    "POST accounts/2fa/webauthn/keys/{pk}/edit/": form(OWN, name="Key"),
    "GET accounts/me/": get(SIGNED_IN),
    "POST accounts/me/tokens/": form(SIGNED_IN, name="A", scope="read"),
    "POST accounts/me/tokens/{token_id}/revoke/": form(OWN),
    f"GET {MEMBERS}": get("manage"),
    f"POST {MEMBERS}invite/": form("manage", name="Grace", role="viewer"),
    f"POST {MEMBERS}{{member_id}}/role/": form("manage", role="viewer"),
    f"POST {MEMBERS}{{member_id}}/suspend/": form("manage"),
    f"POST {MEMBERS}{{member_id}}/reinstate/": form("manage"),
    f"POST {MEMBERS}{{member_id}}/link/": form("manage"),
    "GET notices/": get(SIGNED_IN, lists=True),
    "POST notices/read/": form(SIGNED_IN),
    "POST notices/digest/": form(SIGNED_IN, address="a@example.org"),
    "POST notices/{notice_id}/open/": form(OWN),
    "GET accounts/me/sessions/": get(SIGNED_IN),
    "POST accounts/me/sessions/end-others/": form(SIGNED_IN),
    "POST accounts/me/sessions/{session_id}/end/": form(OWN),
    f"GET {TEAMS}": get("manage"),
    f"POST {TEAMS}make/": form("manage", name="Power"),
    f"POST {TEAMS}{{team_id}}/members/": form("manage"),
    f"POST {TEAMS}{{team_id}}/delete/": form("manage"),
    "GET accounts/organisations/{organisation_id}/trail/": get("audit"),
    "GET accounts/organisations/{organisation_id}/trail.csv": get("audit"),
    "GET accounts/organisations/{organisation_id}/trail.jsonl": get("audit"),
    "GET api/tokens": get(SIGNED_IN, lists=True),
    "POST api/tokens": post(SIGNED_IN, name="A"),
    "DELETE api/tokens/{token_id}": get(OWN),
    # The catalogue is the same for everybody
    "GET catalog/": get(SIGNED_IN),
    "GET catalog/{product_id}/": get(SIGNED_IN),
    "GET api/catalog/products": get(SIGNED_IN),
    "GET api/catalog/products/{product_id}": get(SIGNED_IN),
    "GET api/catalog/modules": get(SIGNED_IN),
    "GET api/catalog/rules": get(SIGNED_IN),
    "GET api/catalog/assumptions": get(SIGNED_IN),
    "GET api/catalog/workloads": get(SIGNED_IN),
    "GET api/catalog/sites": get(SIGNED_IN),
    # Weather
    "GET weather/": get(SIGNED_IN, lists=True),
    "POST weather/{file_id}/remove/": form("edit"),
    "POST organisations/{organisation_id}/weather/": Rule(
        access="edit", is_form=True, may_answer=frozenset({422})
    ),
    "GET api/weather": get(SIGNED_IN, lists=True),
    "POST api/organisations/{organisation_id}/weather": Rule(
        access="edit", body=weather_file, is_form=True, may_answer=frozenset({422})
    ),
    "DELETE api/weather/{file_id}": get("edit"),
    # Projects and designs
    "GET ": get(SIGNED_IN, lists=True),
    "POST projects/": Rule(
        access=SIGNED_IN,
        body=json_body(name="New"),
        is_form=True,
        may_answer=frozenset({403}),  # a viewer may make none anywhere
    ),
    "GET projects/{project_id}/": get("view"),
    "GET projects/{project_id}/people/": get("manage"),
    "POST projects/{project_id}/people/give/": form(
        "manage", holder=lambda ids: f"team:{ids['team_id']}", role="viewer"
    ),
    "POST projects/{project_id}/people/{role_id}/take/": form("manage"),
    "POST projects/{project_id}/designs/": form("create", name="New"),
    "POST projects/{project_id}/import/": form("create"),
    "GET designs/{design_id}/": get("view"),
    "POST designs/{design_id}/rename/": form("edit", name="Other"),
    "POST designs/{design_id}/duplicate/": form("create"),
    "GET api/projects": get(SIGNED_IN, lists=True),
    "POST api/projects": post("create", name="New", organisation=id_of("organisation_id")),
    "GET api/projects/{project_id}/designs": get("view"),
    "POST api/projects/{project_id}/designs": post("create", name="New"),
    "POST api/projects/{project_id}/import": Rule(
        access="create", body=json_body(schema="plenum.design/1", name="In", elements=lambda _: [])
    ),
    "GET api/designs/{design_id}": get("view"),
    "PATCH api/designs/{design_id}": post("edit", name="Other"),
    "GET api/designs/{design_id}/document": get("view"),
    "GET api/designs/{design_id}/file": get("view"),
    "POST api/designs/{design_id}/edits": post(
        "edit", base=0, request_id=request_id, label="", edits=lambda _: []
    ),
    "POST api/designs/{design_id}/undo": post("edit", request_id=request_id),
    "POST api/designs/{design_id}/redo": post("edit", request_id=request_id),
    "POST api/designs/{design_id}/restore": post("edit", revision=0, request_id=request_id),
    "GET api/designs/{design_id}/revisions": get("view", query="after=0"),
    "GET api/designs/{design_id}/history": get("view"),
    "GET api/schema/design": get(PUBLIC),
    "GET api/schema/evaluation": get(PUBLIC),
    "GET designs/{design_id}/revisions/{number}/audit.zip": get("view"),
    # Share links
    "GET designs/{design_id}/links/": get("share"),
    "POST designs/{design_id}/links/make/": form(
        "share", name="Client", revision="0", allows="view", days="7"
    ),
    "POST links/{link_id}/revoke/": form("share"),
    "GET shared": get(PUBLIC),
    "POST shared": Rule(
        access=PUBLIC, body=json_body(key="wrong"), is_form=True, may_answer=frozenset({403})
    ),
    "GET shared/{link_id}/": get(LINK),
    "POST shared/{link_id}/say/": form(LINK, name="Client", text="Is this wide enough?"),
    # Branches, proposals, comments
    "GET projects/{project_id}/designs/": get("view"),
    "POST projects/{project_id}/seen/": form("comment"),
    "GET projects/{project_id}/proposals/": get("view"),
    "POST projects/{project_id}/approvers/": form("manage", discipline="space", who="user:x"),
    "POST projects/{project_id}/approvers/{approver_id}/remove/": form("manage"),
    "GET designs/{design_id}/branches/": get("view"),
    "POST designs/{design_id}/branches/fork/": form("create", name="B"),
    "POST designs/{design_id}/versions/": form("edit", name="V"),
    "POST designs/{design_id}/protection/": form("manage", is_protected="yes"),
    "POST designs/{design_id}/propose/": form("propose", title="T"),
    "GET designs/{design_id}/comments/": get("view"),
    "POST designs/{design_id}/comments/open/": form("comment", text="x", x_mm="0", y_mm="0"),
    "POST designs/{design_id}/comments/import/": form("comment"),
    "GET designs/{design_id}/comments/{version}.bcf": get("view"),
    "POST comments/{thread_id}/reply/": form("comment", text="x"),
    "POST comments/{thread_id}/settle/": form("comment", state="resolved"),
    "GET proposals/{proposal_id}/": get("view"),
    "GET proposals/{proposal_id}/report/": get("view", may_answer=frozenset({404})),
    "GET proposals/{proposal_id}/report.pdf": get("view"),
    "POST proposals/{proposal_id}/refresh/": form("propose"),
    **{
        f"POST proposals/{{proposal_id}}/{move}/": Rule(
            access=action,
            body=json_body(reason="x", candidate_hash="x"),
            is_form=True,
            may_answer=BY_STATE,
        )
        for move, action in (
            ("submit", "propose"),
            ("withdraw", "propose"),
            ("reopen", "propose"),
            ("decline", "approve"),
            ("judge", "approve"),
            ("retract", "approve"),
            ("resolve", "edit"),
            ("waive", "waive"),
            ("merge", "merge"),
        )
    },
    "GET api/designs/{design_id}/branches": get("view"),
    "POST api/designs/{design_id}/branches": post("create", name="B"),
    "GET api/designs/{design_id}/versions": get("view"),
    "POST api/designs/{design_id}/versions": post("edit", name="V"),
    "PUT api/designs/{design_id}/protection": post("manage", is_protected=True),
    "GET api/designs/{design_id}/difference": get("view"),
    "GET api/projects/{project_id}/proposals": get("view"),
    "POST api/designs/{design_id}/proposals": post("propose", title="T"),
    "GET api/proposals/{proposal_id}": get("view"),
    "POST api/proposals/{proposal_id}/refresh": post("propose"),
    **{
        f"POST api/proposals/{{proposal_id}}/{move}": Rule(
            access=action, body=json_body(**fields), may_answer=BY_STATE
        )
        for move, action, fields in (
            ("submit", "propose", {}),
            ("withdraw", "propose", {}),
            ("reopen", "propose", {}),
            ("decline", "approve", {"reason": "x"}),
            (
                "judgements",
                "approve",
                {"discipline": "space", "verdict": "approved", "candidate_hash": "x"},
            ),
            ("retract", "approve", {"approval": request_id}),
            ("resolutions", "edit", {"key": "x", "side": "ours"}),
            ("waivers", "waive", {"finding": "x"}),
            ("merge", "merge", {"candidate_hash": "x"}),
        )
    },
    "GET api/designs/{design_id}/people": get("view"),
    "GET api/designs/{design_id}/threads": get("view"),
    "POST api/designs/{design_id}/threads": post(
        "comment", anchor=lambda _: {"type": "point"}, text="x", x_mm=0, y_mm=0
    ),
    "GET api/threads/{thread_id}": get("view"),
    "POST api/threads/{thread_id}/comments": post("comment", text="x"),
    "PATCH api/threads/{thread_id}": post("comment", state="resolved"),
    "GET api/designs/{design_id}/bcf": get("view"),
    "POST api/designs/{design_id}/bcf": post("comment"),
    # Results
    "GET designs/{design_id}/lifecycle/": get("view"),
    "POST designs/{design_id}/lifecycle/run/": form("evaluate"),
    "POST designs/{design_id}/lifecycle/cancel/": form("cancel"),
    "GET designs/{design_id}/year/": get("view"),
    "POST designs/{design_id}/year/choose/": form("edit", weather="sample-miami", warming_k="1"),
    "POST designs/{design_id}/year/run/": form("evaluate"),
    "POST designs/{design_id}/year/cancel/": form("cancel"),
    "GET designs/{design_id}/fabric/": get("view"),
    "POST designs/{design_id}/fabric/run/": form("evaluate"),
    "POST designs/{design_id}/fabric/cancel/": form("cancel"),
    "GET designs/{design_id}/generations/": get("view"),
    "POST designs/{design_id}/generations/keep/": Rule(
        access="create",
        body=json_body(name="B", to="nvidia-gb200-nvl72"),
        is_form=True,
        may_answer=frozenset({404}),  # a design without racks has nothing to swap
    ),
    "POST designs/{design_id}/generations/run/": form("evaluate"),
    "POST designs/{design_id}/generations/cancel/": form("cancel"),
    "GET designs/{design_id}/one-line/": get("view"),
    "POST designs/{design_id}/one-line/run/": form("evaluate"),
    "POST designs/{design_id}/one-line/cancel/": form("cancel"),
    "GET designs/{design_id}/power/": get("view"),
    "POST designs/{design_id}/power/run/": form("evaluate"),
    "POST designs/{design_id}/power/cancel/": form("cancel"),
    "GET designs/{design_id}/cooling/": get("view"),
    "POST designs/{design_id}/cooling/run/": form("evaluate"),
    "POST designs/{design_id}/cooling/cancel/": form("cancel"),
    "GET designs/{design_id}/availability/": get("view"),
    "POST designs/{design_id}/availability/run/": form("evaluate"),
    "POST designs/{design_id}/availability/cancel/": form("cancel"),
    "GET designs/{design_id}/loops/": get("view"),
    "POST designs/{design_id}/loops/run/": form("evaluate"),
    "POST designs/{design_id}/loops/cancel/": form("cancel"),
    "GET designs/{design_id}/lose-one/": get("view"),
    "POST designs/{design_id}/lose-one/run/": form("evaluate"),
    "POST designs/{design_id}/lose-one/cancel/": form("cancel"),
    "GET designs/{design_id}/compare/": get("view"),
    "GET designs/{design_id}/compare/report.pdf": get("view"),
    "POST designs/{design_id}/compare/run/": form("evaluate", a="0", b="0"),
    "GET designs/{design_id}/economics/": get("view"),
    "POST designs/{design_id}/economics/run/": form("evaluate"),
    "POST designs/{design_id}/economics/cancel/": form("cancel"),
    "GET designs/{design_id}/economics/working/": get("view"),
    "GET designs/{design_id}/economics/feed/": get("view"),
    "GET designs/{design_id}/economics/streams/": get("view"),
    "POST designs/{design_id}/economics/streams/set/": form("edit"),
    "GET designs/{design_id}/economics/spreadsheet": get("report", may_answer=NOT_YET),
    "GET data/": get(SIGNED_IN, lists=True),
    "GET data/{table}/": get(SIGNED_IN, may_answer=frozenset({404})),
    "GET data/empty/{kind}.csv": get(SIGNED_IN, may_answer=frozenset({404})),
    "POST data/own/{organisation_id}/{kind}/import/": form("edit"),
    "POST data/own/{organisation_id}/{kind}/remove/": form("edit"),
    "GET api/designs/{design_id}/economics": get("view", may_answer=NOT_YET),
    "GET api/designs/{design_id}/economics/range": get("view", may_answer=NOT_YET),
    "GET api/designs/{design_id}/economics/tornado": get("view", may_answer=NOT_YET),
    "GET api/designs/{design_id}/economics/sweep": get("view", may_answer=NOT_YET),
    "GET api/designs/{design_id}/economics/map": get("view", may_answer=NOT_YET),
    "GET api/designs/{design_id}/economics/streams": get("view", may_answer=NOT_YET),
    "GET api/designs/{design_id}/economics/working": get(
        "view", query="figure=annual.total", may_answer=NOT_YET
    ),
    "GET api/designs/{design_id}/settings": get("view"),
    "POST api/designs/{design_id}/evaluations": post("evaluate", revision=0),
    "GET api/designs/{design_id}/evaluations/latest": get("view"),
    "GET api/evaluations/{evaluation_id}": get("view"),
    "GET api/evaluations/{evaluation_id}/result": get("view", may_answer=NOT_YET),
    "POST api/evaluations/{evaluation_id}/cancel": post("cancel"),
    "POST api/evaluations/{evaluation_id}/run-again": post("evaluate"),
    "POST api/designs/{design_id}/studies": post("evaluate", revision=0, kind="lose-one"),
    "POST api/designs/{design_id}/comparisons": post("evaluate", revision=0, with_revision=0),
    "GET api/studies/{study_id}": get("view"),
    "GET api/studies/{study_id}/result": get("view", may_answer=NOT_YET),
    "POST api/studies/{study_id}/cancel": post("cancel"),
    "POST api/studies/{study_id}/run-again": post("evaluate"),
    # Reports
    "GET designs/{design_id}/report/": get("view"),
    "POST designs/{design_id}/report/order/": form("report", format="csv-bom"),
    "POST reports/{report_id}/cancel/": form("cancel"),
    "GET reports/{report_id}/file": get("view", may_answer=NOT_YET),
    "POST api/designs/{design_id}/reports": post("report", revision=0),
    "GET api/reports/{report_id}": get("view"),
    "GET api/reports/{report_id}/file": get("view", may_answer=NOT_YET),
    "POST api/reports/{report_id}/cancel": post("cancel"),
    "POST api/reports/{report_id}/run-again": post("report"),
}

SOCKETS: Mapping[str, str] = {"ws/designs/{design_id}": "view"}

# A job is a row that somebody with the right to ask for it made; the task only carries it out.
# A sweep takes no argument.
TASKS: Mapping[str, str] = {
    "analysis.tasks.evaluate_revision": "job",
    "analysis.tasks.run_study": "job",
    "analysis.tasks.sweep": "sweep",
    "notices.tasks.sweep_digests": "sweep",
    "reports.tasks.write_report": "job",
    "reports.tasks.sweep_reports": "sweep",
}
