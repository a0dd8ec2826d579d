"""Every route of the project, HTTP and WebSocket."""

from allauth.account import views as sign_in
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accounts.pages import account, joining, members, sessions, teams, trail
from analysis import data_pages as data
from analysis import fabric_pages as fabric
from analysis import generation_pages as swaps
from analysis import loss_pages as losses
from analysis import pages as analysis
from analysis import reserve_pages as reserves
from analysis import system_pages as systems
from analysis import year_pages as year
from catalog import pages as catalog
from economics import pages as economics
from economics import stream_pages as streams
from evidence import pages as evidence
from layouts import pages as layouts
from layouts import people
from layouts.consumers import DesignConsumer
from notices import pages as notices
from planner import first_start, health, pages
from planner.api import api
from reports import difference_pages as difference_files
from reports import economics_pages as economics_files
from reports import pages as reports
from reviews import pages as reviews
from reviews import proposal_pages as proposals
from reviews import thread_pages as threads
from sharing import pages as sharing
from weather import pages as weather

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("setup", first_start.setup, name="setup"),
    path("enter", first_start.enter, name="enter"),
    path("docs/problems/<slug:code>", pages.problem, name="problem"),
    path("api/", api.urls),
    path("", layouts.home, name="home"),
    path("projects/", layouts.create_project, name="create-project"),
    path("projects/<uuid:project_id>/", reviews.project, name="project"),
    path("projects/<uuid:project_id>/seen/", reviews.mark_seen, name="mark-seen"),
    path("projects/<uuid:project_id>/people/", people.people, name="people"),
    path("projects/<uuid:project_id>/people/give/", people.give_role, name="give-role"),
    path(
        "projects/<uuid:project_id>/people/<int:role_id>/take/",
        people.take_role,
        name="take-role",
    ),
    path("projects/<uuid:project_id>/designs/", layouts.designs, name="designs"),
    path("projects/<uuid:project_id>/proposals/", proposals.proposals, name="proposals"),
    path("projects/<uuid:project_id>/approvers/", proposals.add_approver, name="add-approver"),
    path(
        "projects/<uuid:project_id>/approvers/<int:approver_id>/remove/",
        proposals.remove_approver,
        name="remove-approver",
    ),
    path("projects/<uuid:project_id>/import/", layouts.import_design, name="import-design"),
    path("designs/<uuid:design_id>/", layouts.design, name="design"),
    path("designs/<uuid:design_id>/rename/", layouts.rename_design, name="rename-design"),
    path("designs/<uuid:design_id>/duplicate/", layouts.duplicate_design, name="duplicate-design"),
    path("designs/<uuid:design_id>/lifecycle/", analysis.lifecycle, name="lifecycle"),
    path("designs/<uuid:design_id>/lifecycle/run/", analysis.run_lifecycle, name="run-lifecycle"),
    path(
        "designs/<uuid:design_id>/lifecycle/cancel/",
        analysis.cancel_lifecycle,
        name="cancel-lifecycle",
    ),
    path("designs/<uuid:design_id>/year/", year.year, name="year"),
    path("designs/<uuid:design_id>/year/choose/", year.choose_weather, name="choose-weather"),
    path("designs/<uuid:design_id>/year/run/", year.run_year, name="run-year"),
    path("designs/<uuid:design_id>/year/cancel/", year.cancel_year, name="cancel-year"),
    path("designs/<uuid:design_id>/fabric/", fabric.fabric, name="fabric"),
    path("designs/<uuid:design_id>/fabric/run/", fabric.run_fabric, name="run-fabric"),
    path("designs/<uuid:design_id>/fabric/cancel/", fabric.cancel_fabric, name="cancel-fabric"),
    path("designs/<uuid:design_id>/generations/", swaps.generations, name="generations"),
    path("designs/<uuid:design_id>/generations/keep/", swaps.keep, name="keep-generation"),
    path(
        "designs/<uuid:design_id>/generations/run/", swaps.run_generations, name="run-generations"
    ),
    path(
        "designs/<uuid:design_id>/generations/cancel/",
        swaps.cancel_generations,
        name="cancel-generations",
    ),
    path("designs/<uuid:design_id>/one-line/", systems.one_line_page, name="one-line"),
    path("designs/<uuid:design_id>/one-line/run/", systems.run_one_line, name="run-one-line"),
    path(
        "designs/<uuid:design_id>/one-line/cancel/", systems.cancel_one_line, name="cancel-one-line"
    ),
    path("designs/<uuid:design_id>/power/", reserves.power, name="power"),
    path("designs/<uuid:design_id>/power/run/", reserves.run_power, name="run-power"),
    path("designs/<uuid:design_id>/power/cancel/", reserves.cancel_power, name="cancel-power"),
    path("designs/<uuid:design_id>/cooling/", reserves.cooling, name="cooling"),
    path("designs/<uuid:design_id>/cooling/run/", reserves.run_cooling, name="run-cooling"),
    path(
        "designs/<uuid:design_id>/cooling/cancel/", reserves.cancel_cooling, name="cancel-cooling"
    ),
    path("designs/<uuid:design_id>/availability/", reserves.availability, name="availability"),
    path(
        "designs/<uuid:design_id>/availability/run/",
        reserves.run_availability,
        name="run-availability",
    ),
    path(
        "designs/<uuid:design_id>/availability/cancel/",
        reserves.cancel_availability,
        name="cancel-availability",
    ),
    path("designs/<uuid:design_id>/loops/", systems.loops_page, name="loops"),
    path("designs/<uuid:design_id>/loops/run/", systems.run_loops, name="run-loops"),
    path("designs/<uuid:design_id>/loops/cancel/", systems.cancel_loops, name="cancel-loops"),
    path("designs/<uuid:design_id>/lose-one/", losses.lose_one, name="lose-one"),
    path("designs/<uuid:design_id>/lose-one/run/", losses.run_lose_one, name="run-lose-one"),
    path(
        "designs/<uuid:design_id>/lose-one/cancel/", losses.cancel_lose_one, name="cancel-lose-one"
    ),
    path("designs/<uuid:design_id>/compare/", reviews.compare, name="compare"),
    path(
        "designs/<uuid:design_id>/compare/report.pdf",
        difference_files.comparison_report,
        name="comparison-report",
    ),
    path("designs/<uuid:design_id>/compare/run/", reviews.run_comparison, name="run-comparison"),
    path("designs/<uuid:design_id>/branches/", reviews.branches, name="branches"),
    path("designs/<uuid:design_id>/branches/fork/", reviews.fork, name="fork-design"),
    path("designs/<uuid:design_id>/versions/", reviews.freeze, name="freeze-version"),
    path("designs/<uuid:design_id>/protection/", reviews.protect, name="protect-design"),
    path("designs/<uuid:design_id>/propose/", proposals.open_proposal, name="open-proposal"),
    path("designs/<uuid:design_id>/comments/", threads.design_threads, name="threads"),
    path("designs/<uuid:design_id>/comments/open/", threads.open_thread, name="open-thread"),
    path("designs/<uuid:design_id>/comments/import/", threads.import_bcf, name="import-bcf"),
    path("designs/<uuid:design_id>/comments/<str:version>.bcf", threads.bcf_file, name="bcf-file"),
    path("comments/<uuid:thread_id>/reply/", threads.reply, name="reply-thread"),
    path("comments/<uuid:thread_id>/settle/", threads.settle, name="settle-thread"),
    path(
        "proposals/<uuid:proposal_id>/",
        include(
            [
                path("", proposals.proposal, name="proposal"),
                path("report/", proposals.report, name="merge-report"),
                path("report.pdf", difference_files.proposal_report, name="proposal-report"),
                path("refresh/", proposals.refresh, name="refresh-proposal"),
                *(
                    path(f"{move}/", proposals.move, {"move": move}, name=f"{move}-proposal")
                    for move in ("submit", "withdraw", "reopen", "decline")
                ),
                path("judge/", proposals.judge, name="judge-proposal"),
                path("retract/", proposals.retract, name="retract-approval"),
                path("resolve/", proposals.resolve, name="resolve-conflict"),
                path("waive/", proposals.waive, name="waive-finding"),
                path("merge/", proposals.merge, name="merge-proposal"),
            ]
        ),
    ),
    path("designs/<uuid:design_id>/report/", reports.reports, name="reports"),
    path("designs/<uuid:design_id>/report/order/", reports.order_report, name="order-report"),
    path("reports/<uuid:report_id>/cancel/", reports.cancel_report, name="cancel-report"),
    path("reports/<uuid:report_id>/file", reports.report_file, name="report-file"),
    path("weather/", weather.weather, name="weather"),
    path("weather/<uuid:file_id>/remove/", weather.remove_weather, name="remove-weather"),
    path(
        "organisations/<uuid:organisation_id>/weather/",
        weather.upload_weather,
        name="upload-weather",
    ),
    path(
        "designs/<uuid:design_id>/revisions/<int:number>/audit.zip",
        evidence.bundle_file,
        name="audit-bundle",
    ),
    path("designs/<uuid:design_id>/links/", sharing.links, name="links"),
    path("designs/<uuid:design_id>/links/make/", sharing.make_link, name="make-link"),
    path("links/<uuid:link_id>/revoke/", sharing.revoke_link, name="revoke-link"),
    path("shared", sharing.entrance, name="shared-entrance"),
    path("shared/<uuid:link_id>/", sharing.shared, name="shared"),
    path("shared/<uuid:link_id>/say/", sharing.say, name="shared-say"),
    path("designs/<uuid:design_id>/economics/", economics.economics, name="economics"),
    path("designs/<uuid:design_id>/economics/run/", economics.run_economics, name="run-economics"),
    path(
        "designs/<uuid:design_id>/economics/cancel/",
        economics.cancel_economics,
        name="cancel-economics",
    ),
    path(
        "designs/<uuid:design_id>/economics/working/",
        economics.economics_working,
        name="economics-working",
    ),
    path("designs/<uuid:design_id>/economics/streams/", streams.streams, name="streams"),
    path(
        "designs/<uuid:design_id>/economics/streams/set/", streams.set_streams, name="set-streams"
    ),
    path("designs/<uuid:design_id>/economics/feed/", economics.fixed_feed, name="fixed-feed"),
    path(
        "designs/<uuid:design_id>/economics/spreadsheet",
        economics_files.economics_spreadsheet,
        name="economics-spreadsheet",
    ),
    path("data/", data.data_tables, name="data-tables"),
    path("data/empty/<slug:kind>.csv", data.data_template, name="data-template"),
    path("data/<slug:table>/", data.data_table, name="data-table"),
    path(
        "data/own/<uuid:organisation_id>/<slug:kind>/import/", data.import_data, name="import-data"
    ),
    path(
        "data/own/<uuid:organisation_id>/<slug:kind>/remove/", data.remove_data, name="remove-data"
    ),
    path("catalog/", catalog.catalogue, name="catalogue"),
    path("catalog/<slug:product_id>/", catalog.product, name="product"),
    path("join", joining.join, name="join"),
    path("accept", joining.accept, name="accept"),
    path("accounts/me/", account.account, name="account"),
    path("accounts/me/tokens/", account.create_token, name="create-token"),
    path("accounts/me/tokens/<uuid:token_id>/revoke/", account.revoke_token, name="revoke-token"),
    path(
        "accounts/organisations/<uuid:organisation_id>/members/",
        include(
            [
                path("", members.members, name="members"),
                path("invite/", members.invite_member, name="invite-member"),
                path("<int:member_id>/role/", members.change_role, name="change-role"),
                path("<int:member_id>/suspend/", members.suspend_member, name="suspend-member"),
                path(
                    "<int:member_id>/reinstate/",
                    members.reinstate_member,
                    name="reinstate-member",
                ),
                path("<int:member_id>/link/", members.renew_invitation, name="renew-invitation"),
            ]
        ),
    ),
    path(
        "accounts/organisations/<uuid:organisation_id>/teams/",
        include(
            [
                path("", teams.list_teams, name="teams"),
                path("make/", teams.make_team, name="make-team"),
                path("<uuid:team_id>/members/", teams.set_members, name="team-members"),
                path("<uuid:team_id>/delete/", teams.delete_team, name="delete-team"),
            ]
        ),
    ),
    path("accounts/organisations/<uuid:organisation_id>/trail/", trail.trail, name="trail"),
    path(
        "accounts/organisations/<uuid:organisation_id>/trail.csv",
        trail.trail_file,
        {"extension": "csv"},
        name="trail-csv",
    ),
    path(
        "accounts/organisations/<uuid:organisation_id>/trail.jsonl",
        trail.trail_file,
        {"extension": "jsonl"},
        name="trail-jsonl",
    ),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read-notices"),
    path("notices/digest/", notices.set_digest, name="set-digest"),
    path("notices/<int:notice_id>/open/", notices.open_notice, name="open-notice"),
    path("accounts/me/sessions/", sessions.list_sessions, name="sessions"),
    path("accounts/me/sessions/end-others/", sessions.end_others, name="end-other-sessions"),
    path("accounts/me/sessions/<uuid:session_id>/end/", sessions.end_session, name="end-session"),
    # Of allauth's account pages, those that work without e-mail.
    path("accounts/login/", sign_in.login, name="account_login"),
    path("accounts/logout/", sign_in.logout, name="account_logout"),
    path("accounts/inactive/", sign_in.account_inactive, name="account_inactive"),
    path("accounts/signup/", sign_in.signup, name="account_signup"),
    path("accounts/reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", sign_in.password_change, name="account_change_password"),
    path("accounts/password/set/", sign_in.password_set, name="account_set_password"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
if settings.OIDC_SERVER:
    urlpatterns += [
        path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
        path("accounts/directory/", include("allauth.socialaccount.urls")),
    ]
websocket_urlpatterns: list[URLPattern] = [
    path("ws/designs/<uuid:design_id>", DesignConsumer.as_asgi(), name="design-socket"),
]

handler400 = pages.bad_request
handler403 = pages.permission_denied
handler404 = pages.page_not_found
handler500 = pages.server_error
