"""What is written to the trail stays, and whoever touches it is found out."""

import io
import random

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit import chain, origin, selectors, services, witness
from audit.models import Event, Head
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def witness_file(settings, tmp_path):
    settings.AUDIT_WITNESS = tmp_path / "witness"
    return settings.AUDIT_WITNESS


def wrote(count: int, organisation) -> list[Event]:
    person = factories.user()
    return [
        services.record(actor=person, action="role.change", obj=organisation, detail={"n": number})
        for number in range(count)
    ]


def links() -> list[chain.Link]:
    return [event.link for event in Event.objects.order_by("number")]


def found(witnessed=None) -> list[tuple[str, int, int]]:
    return [(each.kind, each.first, each.last) for each in chain.faults(links(), witnessed or {})]


def force(statement: str, values: list) -> None:
    """Do what somebody with the database in hand could do: the guards are in the way no more."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for guard in selectors.GUARDS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard}")
        else:
            cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def test_a_row_says_who_what_when_and_to_what(organisation, editor):
    with origin.within(origin.Origin(reference="abc", address_hash="f" * 64)):
        services.record(actor=editor, action="role.change", obj=organisation, detail={"to": "x"})

    event = Event.objects.latest("number")
    assert (event.actor_id, event.actor_name) == (editor.pk, editor.username)
    assert (event.object_kind, event.object_name) == ("organisation", organisation.name)
    assert (event.organisation_id, event.details) == (organisation.pk, {"to": "x"})
    assert (event.reference, event.address_hash) == ("abc", "f" * 64)
    assert event.at.tzinfo is not None


def test_an_untouched_trail_has_no_faults(organisation):
    wrote(5, organisation)

    assert found() == []


def test_a_row_stands_or_falls_with_what_it_tells_about(organisation, editor):
    before = Head.objects.get().number

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.record(actor=editor, action="share.make", obj=organisation)
        raise ZeroDivisionError

    assert Head.objects.get().number == before
    assert found() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor_name = 'Nobody' WHERE number = %s",
        "DELETE FROM audit_event WHERE number = %s",
    ],
)
def test_the_database_refuses_to_touch_a_row(organisation, statement):
    number = wrote(1, organisation)[0].number

    with (
        pytest.raises(DatabaseError, match="never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [number])


CHANGES = {
    "actor_name": "Nobody",
    "action": "nothing",
    "result": "refused",
    "detail": "{}",
    "at": "2020-01-01 00:00:00",
    "object_name": "Other",
    "address_hash": "0" * 64,
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_row_is_named(organisation, column):
    number = wrote(5, organisation)[2].number

    force(f"UPDATE audit_event SET {column} = %s WHERE number = %s", [CHANGES[column], number])

    assert found() == [("changed", number, number)]


def test_a_missing_row_is_named(organisation):
    rows = wrote(6, organisation)

    force("DELETE FROM audit_event WHERE number IN (%s, %s)", [rows[2].number, rows[3].number])

    assert found() == [("missing", rows[2].number, rows[3].number)]


def test_rows_in_another_order_are_named(organisation):
    one, two = (event.number for event in wrote(5, organisation)[1:3])

    for old, new in ((one, 10**9), (two, one), (10**9, two)):
        force("UPDATE audit_event SET number = %s WHERE number = %s", [new, old])

    assert {("changed", one, one), ("changed", two, two)} <= set(found())


def test_a_row_with_a_fresh_seal_is_named_by_the_row_after_it(organisation):
    event = wrote(5, organisation)[2]
    event.actor_name = "Nobody"
    digest = chain.seal(event.link.content, event.previous)

    force(
        "UPDATE audit_event SET actor_name = %s, digest = %s WHERE number = %s",
        ["Nobody", digest, event.number],
    )

    assert found() == [("replaced", event.number, event.number)]


def test_a_tail_that_was_cut_off_is_named_by_its_witness(organisation):
    rows = wrote(5, organisation)
    witnessed = {event.number: event.digest for event in rows}

    force("DELETE FROM audit_event WHERE number > %s", [rows[2].number])

    assert found(witnessed) == [("cut", rows[3].number, rows[4].number)]


def test_a_trail_rewritten_from_a_row_on_is_named_by_its_witness():
    honest, sealed, previous = [], {}, chain.START
    forged, forged_previous = [], chain.START
    for number in range(1, 6):
        honest.append(chain.seal(f"row {number}", previous))
        previous = sealed[number] = honest[-1]
        content = f"row {number}" if number != 3 else "another"
        digest = chain.seal(content, forged_previous)
        forged.append(
            chain.Link(number=number, content=content, previous=forged_previous, digest=digest)
        )
        forged_previous = digest

    assert list(chain.faults(forged, {})) == []
    assert [each.first for each in chain.faults(forged, sealed)] == [3, 4, 5]


def test_any_change_of_any_row_is_found():
    """1,000 of 1,000: one letter, one row less, or two rows swapped."""
    rows, previous = [], chain.START
    for number in range(1, 41):
        content = chain.content_of({"number": number, "actor": f"Person {number % 7}"})
        digest = chain.seal(content, previous)
        rows.append(chain.Link(number=number, content=content, previous=previous, digest=digest))
        previous = digest
    witnessed = {40: previous}
    chance = random.Random(20261123)

    for _ in range(1000):
        touched = list(rows)
        at = chance.randrange(40)
        match chance.randrange(3):
            case 0:
                place = chance.randrange(len(rows[at].content))
                text = rows[at].content
                letter = chr(ord(text[place]) ^ 1)
                touched[at] = chain.Link(
                    number=at + 1,
                    content=text[:place] + letter + text[place + 1 :],
                    previous=rows[at].previous,
                    digest=rows[at].digest,
                )
            case 1:
                del touched[at]
            case _:
                other = (at + 1 + chance.randrange(39)) % 40
                for here, there in ((at, other), (other, at)):
                    touched[here] = chain.Link(
                        number=here + 1,
                        content=rows[there].content,
                        previous=rows[there].previous,
                        digest=rows[there].digest,
                    )
        assert list(chain.faults(touched, witnessed))
    assert list(chain.faults(rows, witnessed)) == []


@pytest.mark.django_db(transaction=True)
def test_a_committed_row_is_witnessed_outside_the_database(organisation, witness_file):
    event = wrote(1, organisation)[0]

    assert witness.read(witness_file) == {event.number: event.digest}


def test_a_torn_line_is_no_witness(witness_file):
    witness_file.write_text("1 " + "a" * 64 + "\n2 bbb")

    assert witness.read(witness_file) == {1: "a" * 64}


def test_a_disk_that_is_full_does_not_undo_the_act(settings, caplog):
    settings.AUDIT_WITNESS = "/nowhere/at/all"

    witness.note(1, "a" * 64)

    assert "no witness" in caplog.text


def test_the_command_names_what_is_wrong(organisation, witness_file):
    number = wrote(3, organisation)[1].number
    call_command("verify_audit", stdout=(said := io.StringIO()))
    assert "all whole and in place" in said.getvalue()

    force("UPDATE audit_event SET actor_name = 'Nobody' WHERE number = %s", [number])
    complaints = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit", stderr=complaints)

    assert stopped.value.code == 1
    assert f"Row {number} was changed" in complaints.getvalue()
    assert "guard audit_event_is_never_changed is gone" in complaints.getvalue()
