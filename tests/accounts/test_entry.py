"""The way in: one-time keys, the first account, invitations."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts import keys, members, services
from accounts.errors import AccountInvalid, AlreadySetUp, BelongsElsewhere, KeyRefused, LastAdmin
from accounts.models import EntryKey, Membership, User
from tests import factories

PASSWORD = "four unrelated wet words"


@pytest.mark.django_db
def test_the_key_makes_the_first_account_and_its_organisation():
    key = services.make_setup_key()

    user, organisation = services.create_first_account(
        key=key, name="Ada  Lovelace", password=PASSWORD
    )

    assert user.username == "Ada Lovelace"
    assert user.check_password(PASSWORD)
    assert Membership.objects.get(user=user, organisation=organisation).role == "admin"


@pytest.mark.django_db
def test_a_key_opens_once():
    key = services.make_setup_key()
    services.create_first_account(key=key, name="Ada", password=PASSWORD)

    with pytest.raises(KeyRefused):
        services.create_first_account(key=key, name="Eve", password=PASSWORD)


@pytest.mark.django_db
def test_a_second_key_makes_no_second_first_account():
    factories.user()

    with pytest.raises(AlreadySetUp):
        services.create_first_account(key=services.make_setup_key(), name="Eve", password=PASSWORD)


@pytest.mark.django_db
def test_five_wrong_tries_close_the_set_up():
    key = services.make_setup_key()
    for _ in range(keys.KEY_TRIES):
        with pytest.raises(KeyRefused):
            services.create_first_account(key="wrong", name="Eve", password=PASSWORD)

    with pytest.raises(KeyRefused):
        services.create_first_account(key=key, name="Ada", password=PASSWORD)


@pytest.mark.django_db
def test_a_key_out_of_date_opens_nothing():
    key = services.make_setup_key()
    EntryKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(KeyRefused):
        services.create_first_account(key=key, name="Ada", password=PASSWORD)


@pytest.mark.django_db
def test_a_weak_password_costs_neither_key_nor_try():
    key = services.make_setup_key()
    for password in ("short", "password1234", "123456789012"):
        with pytest.raises(AccountInvalid):
            services.create_first_account(key=key, name="Ada", password=password)

    assert services.create_first_account(key=key, name="Ada", password=PASSWORD)


@pytest.mark.django_db
def test_names_differ_by_more_than_case(organisation, admin):
    factories.member(organisation, name="Ada")

    with pytest.raises(AccountInvalid):
        members.invite_member(actor=admin, organisation=organisation, name="ADA", role="viewer")


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_at_once_make_one_admin():
    key = services.make_setup_key()
    connections.close_all()
    start = threading.Barrier(50)
    outcomes: list[str] = []

    def post(number: int) -> None:
        start.wait()
        try:
            services.create_first_account(key=key, name=f"Person {number}", password=PASSWORD)
        except (KeyRefused, AlreadySetUp) as error:
            outcomes.append(error.code)
        else:
            outcomes.append("made")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("made") == 1
    assert len(outcomes) == 50
    assert User.objects.count() == Membership.objects.count() == 1


@pytest.mark.django_db
def test_nothing_else_opens_before_the_first_account():
    client = Client()

    assert client.get("/accounts/login/").headers["Location"] == "/setup"
    assert client.get("/catalog/").headers["Location"] == "/setup"
    assert client.get("/api/tokens").json()["code"] == "not-set-up"


@pytest.mark.django_db
def test_the_set_up_page_says_what_is_wrong_and_keeps_the_key():
    key = services.make_setup_key()

    answer = Client().post("/setup", {"key": key, "name": "Ada", "password": "short"})

    assert answer.status_code == 422
    assert "at least 12 characters" in answer.content.decode()
    assert f'value="{key}"' in answer.content.decode()


@pytest.mark.django_db
def test_setting_up_lands_in_a_sample_signed_in():
    client = Client()
    key = services.make_setup_key()

    answer = client.post("/setup", {"key": key, "name": "Ada", "password": PASSWORD})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/designs/")
    assert client.get("/accounts/me/").status_code == 200


@pytest.mark.django_db
def test_the_one_time_link_signs_in_once(organisation):
    admin = factories.member(organisation, "admin")
    key = services.make_enter_key(user=admin)
    first, second = Client(), Client()

    first.post("/enter", {"key": key})
    refused = second.post("/enter", {"key": key})

    assert first.get("/accounts/me/").status_code == 200
    assert refused.status_code == 403
    assert second.get("/accounts/me/").status_code == 302


@pytest.mark.django_db
def test_a_fresh_link_ends_the_one_before(admin):
    old = services.make_enter_key(user=admin)
    services.make_enter_key(user=admin)

    with pytest.raises(KeyRefused):
        services.enter(key=old)


@pytest.mark.django_db
def test_an_invited_person_chooses_the_password(organisation, admin):
    page = factories.client_of(admin).post(
        f"/accounts/organisations/{organisation.pk}/members/invite/",
        {"name": "Grace", "role": "viewer"},
    )
    link = page.context["link"]
    client = Client()

    answer = client.post("/join", {"key": link.partition("#")[2], "password": PASSWORD})

    assert answer.status_code == 302
    assert Client().login(username="Grace", password=PASSWORD)
    assert Membership.objects.get(user__username="Grace").role == "viewer"


@pytest.mark.django_db
def test_somebody_with_an_account_elsewhere_joins_with_it(organisation, admin, stranger):
    page = factories.client_of(admin).post(
        f"/accounts/organisations/{organisation.pk}/members/invite/",
        {"name": stranger.username.upper(), "role": "reviewer"},
    )
    address, _, key = page.context["link"].partition("#")
    assert address.endswith("/accept")
    assert "has an account here already" in page.content.decode()
    assert not Membership.objects.filter(user=stranger, organisation=organisation).exists()

    # Whoever else finds the link cannot use it, and does not use it up.
    refused = factories.client_of(factories.user()).post("/accept", {"key": key})
    assert refused.status_code == 403
    answer = factories.client_of(stranger).post("/accept", {"key": key})

    assert answer.status_code == 302
    member = Membership.objects.get(user=stranger, organisation=organisation)
    assert member.role == "reviewer"
    assert stranger.memberships.count() == 2
    with pytest.raises(KeyRefused):
        members.accept_invitation(user=stranger, key=key)


@pytest.mark.django_db
def test_who_is_here_already_is_not_invited_again(organisation, admin, editor):
    page = factories.client_of(admin).post(
        f"/accounts/organisations/{organisation.pk}/members/invite/",
        {"name": editor.username, "role": "admin"},
    )

    assert page.status_code == 422
    assert "in this organisation already" in page.content.decode()
    assert editor.memberships.get().role == "editor"


@pytest.mark.django_db
def test_wrong_guesses_leave_invitations_alone(organisation, admin):
    _, key = members.invite_member(
        actor=admin, organisation=organisation, name="Grace", role="viewer"
    )
    for _ in range(2 * keys.KEY_TRIES):
        with pytest.raises(KeyRefused):
            services.join(key="wrong", password=PASSWORD)

    assert services.join(key=key, password=PASSWORD).username == "Grace"


@pytest.mark.django_db
def test_an_admin_cannot_reach_into_another_organisation_by_a_password(organisation, admin):
    person = factories.member(organisation, "viewer")
    factories_other = factories.organisation()
    Membership.objects.create(user=person, organisation=factories_other, role="admin")
    member = person.memberships.get(organisation=organisation)

    with pytest.raises(BelongsElsewhere):
        members.renew_invitation(actor=admin, member=member)


@pytest.mark.django_db
def test_an_organisation_keeps_an_admin(organisation, admin):
    member = admin.memberships.get()

    with pytest.raises(LastAdmin):
        members.change_role(actor=admin, member=member, role="editor")
    with pytest.raises(LastAdmin):
        members.suspend_member(actor=admin, member=member)


@pytest.mark.django_db
def test_nobody_signs_up_alone(organisation, admin):
    answer = Client().post(
        "/accounts/signup/", {"username": "Eve", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert "By invitation" in answer.content.decode()
    assert not User.objects.filter(username="Eve").exists()


@pytest.mark.django_db
def test_guessing_passwords_is_slowed(organisation):
    person = factories.member(organisation, name="Ada")
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    for _ in range(6):
        client.post("/accounts/login/", {"login": "Ada", "password": "wrong wrong wrong"})

    client.post("/accounts/login/", {"login": "Ada", "password": PASSWORD})

    assert "_auth_user_id" not in client.session
