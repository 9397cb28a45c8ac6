"""`flask patients import` and `flask patients match`: people in, and found again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import delete, func, select

from clinic.audit.models import AuditEntry
from clinic.configuration import services as configuring
from clinic.core import clock, periodic
from clinic.core.db import db, transaction
from clinic.core.sealed import blind_index
from clinic.patients.models import BlockingKey, ContactPoint, Patient
from tests.conftest import SignIn

Ask = Callable[..., list[dict[str, Any]]]
HEAD = "family_name,given_name,birth_date,phone,street,city,postcode,external_id\n"
PEOPLE = """Whitfield,Owen,1992-05-03,(202) 555-0143,12 Main St,Newark,07102,A1
Núñez,María José,05/04/1980,,,,,A2
"""


@pytest.fixture
def take_in(runner: FlaskCliRunner, site: UUID, tmp_path: Path) -> Callable[..., Result]:
    """Imports a file of these rows."""

    def run(rows: str, *options: str, head: str = HEAD) -> Result:
        file = tmp_path / "people.csv"
        file.write_bytes((head + rows).encode(errors="surrogateescape"))
        return runner.invoke(args=["patients", "import", str(file), *options])

    return run


@pytest.fixture
def ask(runner: FlaskCliRunner) -> Ask:
    """Asks for people, one a line."""

    def run(*wanted: dict[str, object]) -> list[dict[str, Any]]:
        done = runner.invoke(args=["patients", "match"], input="\n".join(map(json.dumps, wanted)) + "\n")
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def count(model: type) -> int:
    """How many rows."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def trail() -> list[str]:
    """What the commands left in the audit trail."""
    told = select(AuditEntry.action).where(AuditEntry.action.startswith("patient.")).order_by(AuditEntry.id)
    return list(db.session.scalars(told))


def test_people_are_registered_and_found(
    take_in: Callable[..., Result],
    ask: Ask,
    sign_in: SignIn,
) -> None:
    done = take_in(PEOPLE)
    assert (done.exit_code, done.stdout) == (
        0,
        "2 people imported, 0 rows left out. 0 may be somebody known.\n",
    )
    assert trail() == ["patient.imported"]
    (answer,) = ask({"family_name": "Nunes", "given_name": "Maria", "birth_date": "1980-04-05"})
    (found,) = answer["candidates"]
    assert found["external_id"] == "A2"
    assert found["score"] > 0.5
    assert "Day and month of birth are swapped" in found["reasons"]
    assert trail()[1:] == ["patient.likely_same"]  # before it was printed
    assert "María José Núñez" in sign_in("coordinator").get("/patients").text


def test_numbers_and_addresses_are_never_kept_in_clear(take_in: Callable[..., Result]) -> None:
    take_in(PEOPLE)
    point = db.session.scalars(select(ContactPoint)).one()
    assert (point.value, point.value_index) == ("+12025550143", blind_index("+12025550143"))
    owen = db.session.scalars(select(Patient).where(Patient.external_id == "A1")).one()
    assert owen.address == {
        "street": "12 Main St",
        "city": "Newark",
        "postcode": "07102",
        "no_fixed_address": False,
    }
    assert all(isinstance(key, int) for key in db.session.scalars(select(BlockingKey.key)))


BAD = {
    "no given name": ("Whitfield,,1992-05-03,,,,,", "Line 3, given_name: Enter the given name."),
    "no such day": ("Whitfield,Owen,1992-02-30,,,,,", "Line 3, birth_date: Enter a date that exists"),
    "only a year": ("Whitfield,Owen,1992,,,,,", "Line 3, birth_date: Enter the whole date of birth"),
    "born tomorrow": (
        "Whitfield,Owen,2999-02-03,,,,,",
        "Line 3, birth_date: Enter a date of birth from 1900 on",
    ),
    "half a number": (
        "Whitfield,Owen,1992-05-03,555,,,,",
        "Line 3, phone: Enter the phone number with area code",
    ),
    "too few fields": ("Whitfield,Owen", "Line 3, row: Give it as many fields"),
    "not UTF-8": ("Whitf\udce9ld,Owen,1992-05-03,,,,,", "Line 3, family_name: Type it again"),
    "a key twice": ("Okafor,Ann,1970-05-03,,,,,A1", "Line 3, external_id: Line 2 has it."),
}


@pytest.mark.parametrize(("row", "words"), BAD.values(), ids=BAD)
def test_a_bad_row_is_told_and_the_others_are_kept(
    row: str, words: str, take_in: Callable[..., Result]
) -> None:
    first, last = PEOPLE.splitlines()
    done = take_in(f"{first}\n{row}\n{last}\n")
    assert done.exit_code == 1
    assert words in done.stdout
    assert "2 people imported, 1 rows left out" in done.stdout
    assert count(Patient) == 2


def test_a_dry_run_says_the_same_and_keeps_nothing(take_in: Callable[..., Result]) -> None:
    take_in(PEOPLE)
    again = "Whitfeild,Owen,1992-05-03,,,,,B1\nBell,Ann,1970-05-03,,,,,\nBell,Anne,1970-05-03,,,,,\n"
    said = take_in(again, "--dry-run").stdout.splitlines()
    number = db.session.scalar(select(Patient.record_number).where(Patient.external_id == "A1")) or ""
    assert said[0].startswith(
        f"Line 2: Almost certainly the same person as record {number[:4]} {number[4:]}, 0.9"
    )
    assert said[1].startswith("Line 4: Almost certainly the same person as line 3, 0.9")
    assert said[2] == "3 people would be imported, 0 rows left out. 2 may be somebody known."
    assert count(Patient) == 2
    assert take_in(again).stdout.splitlines()[:2] == said[:2]
    assert count(Patient) == 5
    assert "Somebody is registered under it" in take_in(PEOPLE).stdout
    assert count(Patient) == 5


WRONG_FILES = {
    "a column is missing": "family_name,given_name,birth_date,phone,street,city\n",
    "a column is strange": HEAD.replace("city", "town"),
    "nothing": "",
}


@pytest.mark.parametrize("head", WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_file_with_other_columns_ends_with_a_sentence(head: str, take_in: Callable[..., Result]) -> None:
    done = take_in("", head=head)
    assert done.exit_code == 1
    assert "column" in done.stderr
    assert count(Patient) == 0


def test_which_site_must_be_said_where_there_are_two(take_in: Callable[..., Result]) -> None:
    other = configuring.create_site("Harbor", zone="America/Chicago", at=clock.now())
    assert "Say which site with --site NAME. Sites: Harbor, Riverside." in take_in(PEOPLE).stderr
    assert take_in(PEOPLE, "--site", "Harbor").exit_code == 0
    assert set(db.session.scalars(select(Patient.site_id))) == {other}


def test_an_empty_clinic_gets_its_first_site_with_its_first_people(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(HEAD + PEOPLE)
    dry = runner.invoke(args=["patients", "import", str(file), "--dry-run"])
    assert "Sites: none yet, the import itself makes the first." in dry.stderr
    assert runner.invoke(args=["patients", "import", str(file)]).exit_code == 0
    assert count(Patient) == 2


def test_a_line_that_breaks_the_form_is_answered_with_what_to_do(
    ask: Ask, patient: Callable[..., UUID]
) -> None:
    patient()
    bad, good = ask(
        {"given_name": 1.5, "birth_date": "soon", "town": "Newark"},
        {"family_name": "Whitfield", "given_name": "Owen", "birth_date": "1992-05-03", "phone": None},
    )
    assert {*bad["errors"]} == {"family_name", "given_name", "birth_date", "town"}
    assert len(good["candidates"]) == 1


@pytest.mark.parametrize("line", [b"[1]\n", b"nonsense\n", b"\xff\n", b"\n"])
def test_a_line_that_is_no_object_ends_the_command(line: bytes, runner: FlaskCliRunner, site: UUID) -> None:
    done = runner.invoke(args=["patients", "match"], input=b'{"family_name": "Bell"}\n' + line)
    assert done.exit_code == 2
    assert done.stderr == "Line 2 is not a JSON object.\n"
    assert json.loads(done.stdout) == {"candidates": []}


def test_patients_of_an_older_release_get_their_keys(ask: Ask, patient: Callable[..., UUID]) -> None:
    patient(phone="+12025550143")
    with transaction() as session:
        session.execute(delete(BlockingKey))
    owen = {"family_name": "Whitfield", "given_name": "Owen", "birth_date": "1992-05-03"}
    assert ask(owen) == [{"candidates": []}]
    assert [periodic.run("patients.keys", clock.now) for _ in range(2)] == [1, 0]
    assert len(ask(owen)[0]["candidates"]) == 1
