"""Signing in with an organisation's directory: the whole way, against a directory of our own."""

import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

VISIT = """
import base64, json, os, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

asked = []


class Directory(BaseHTTPRequestHandler):
    def answer(self, body):
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        if self.path.startswith("/.well-known/"):
            self.answer({
                "issuer": base, "authorization_endpoint": base + "/authorize",
                "token_endpoint": base + "/token", "userinfo_endpoint": base + "/who",
                "jwks_uri": base + "/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })
        else:
            self.answer({"sub": "42", "preferred_username": "Grace Hopper", "email": "g@h.example"})

    def do_POST(self):
        asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.answer({"access_token": "t", "token_type": "Bearer"})

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", int(os.environ["DIRECTORY_PORT"])), Directory)
base = os.environ["OIDC_SERVER"]
threading.Thread(target=server.serve_forever, daemon=True).start()

import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
from accounts.models import Membership, Organisation, User
from audit.models import Event

organisation = Organisation.objects.create(pk=os.environ["HOME_ID"], name="Home")
User.objects.create(username="Somebody")
client = Client()
page = client.get("/accounts/login/")
assert b"Sign in with Home Directory" in page.content, page.content
assert base in page.headers["Content-Security-Policy"]

def sign_in(client):
    away = client.post("/accounts/oidc/directory/login/")
    sent = parse_qs(urlsplit(away.headers["Location"]).query)
    assert away.headers["Location"].startswith(base + "/authorize?"), away.headers
    assert sent["code_challenge_method"] == ["S256"]
    return client.get(
        "/accounts/oidc/directory/login/callback/",
        {"code": "c", "state": sent["state"][0]},
        follow=True,
    )

back = sign_in(client)
if os.environ.get("OIDC_ORGANISATION"):
    grace = User.objects.exclude(username="Somebody").get()
    assert client.get("/notices/").status_code == 200
    assert Membership.objects.get(user=grace).role == "viewer"
    assert not grace.has_usable_password()
    actions = list(Event.objects.order_by("number").values_list("action", flat=True))
    assert actions == ["member.join", "sign-in"], actions
    sign_in(Client())
    assert User.objects.count() == 2
    assert "code_verifier" in asked[0] and asked[0]["client_secret"] == ["shh"]
else:
    assert User.objects.count() == 1
    assert client.get("/notices/").status_code == 302
forged = client.get("/accounts/oidc/directory/login/callback/", {"code": "c", "state": "forged"})
assert forged.status_code != 302 or "login" in forged.headers["Location"]
print("all well")
"""


@pytest.mark.parametrize("takes_newcomers", [True, False])
def test_who_signs_in_with_the_directory(takes_newcomers, unused_tcp_port):
    home = str(uuid.uuid4())
    with tempfile.TemporaryDirectory(prefix="plenum-oidc-") as folder:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "planner.settings",
            "PLENUM_DATA": folder,
            "DATABASE_URL": "",
            "DIRECTORY_PORT": str(unused_tcp_port),
            "OIDC_SERVER": f"http://127.0.0.1:{unused_tcp_port}",
            "OIDC_CLIENT_ID": "plenum",
            "OIDC_SECRET": "shh",
            "OIDC_NAME": "Home Directory",
            "OIDC_ROLE": "viewer",
            "HOME_ID": home,
            "OIDC_ORGANISATION": home if takes_newcomers else "",
        }
        done = subprocess.run(
            [sys.executable, "-c", VISIT],
            env=env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.stdout.strip().endswith("all well"), done.stderr[-3000:]


def test_without_a_directory_there_is_no_way_to_one(db, client):
    assert client.post("/accounts/oidc/directory/login/").status_code in (302, 404)
    assert b"oidc" not in client.get("/accounts/login/").content
