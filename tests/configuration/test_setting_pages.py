"""The pages of settings: decide, see who did, go back; of two administrators none overwrites the other."""

from datetime import time
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import event, select

from clinic.audit.models import AuditEntry
from clinic.configuration import queries, services
from clinic.configuration.rules import SETTINGS, Kind
from clinic.core import clock
from clinic.core.db import db
from tests.conftest import SignIn
from tests.forms import hidden_fields, submit

ALL = "/administration/settings"


def at(key: str) -> str:
    """The page of one setting."""
    return f"{ALL}/{key}"


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    """An administrator's browser."""
    return sign_in("administrator", name="Ada Moss")


def back(browser: FlaskClient, key: str, version: int) -> Any:
    """Press the button that brings back a version."""
    return submit(browser, at(key), to=f"{at(key)}/undo", version=version)


def test_the_overview_names_every_setting_with_its_range_fact_and_who_changed_it(
    browser: FlaskClient,
) -> None:
    submit(browser, at("on_call_page_minutes"), value="7", reason="Nights are slow")
    page = browser.get(ALL).text
    for setting in SETTINGS.values():
        assert f'href="{at(setting.key)}">{setting.label}<' in page
        assert f'href="/administration/facts/{setting.fact}"' in page
    for words in ("<b>7 minutes</b>", "5 minutes", "1 to 30 minutes", "08:00 to 21:00, by law", "Ada Moss"):
        assert words in page


def test_a_decision_keeps_who_when_and_why_and_can_be_taken_back(browser: FlaskClient) -> None:
    key = "check_in_time"
    assert submit(browser, at(key), value="11:30", reason="People sleep long").location == at(key)
    assert submit(browser, at(key), value="12:00", reason="Longer still").status_code == 303
    page = browser.get(at(key)).text
    for words in ("People sleep long", "Longer still", "Ada Moss", "C8.4, Default cadence", "As shipped"):
        assert words in page
    assert back(browser, key, 1).location == at(key)
    assert queries.value(key) == time(11, 30)
    assert back(browser, key, 0).location == at(key)
    assert queries.value(key) == time(10)
    versions = [(one.version, one.reason, one.by) for one in queries.history(key)]
    assert versions == [
        (4, "Undo: as shipped", "Ada Moss"),
        (3, "Undo: back to version 1", "Ada Moss"),
        (2, "Longer still", "Ada Moss"),
        (1, "People sleep long", "Ada Moss"),
    ]
    trail = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "setting.decided")).all()
    assert [entry.changes for entry in trail][-1] == {key: ["11:30", "10:00"]}


def test_an_undo_that_would_break_a_rule_says_so_and_changes_nothing(browser: FlaskClient) -> None:
    submit(browser, at("quiet_hours_from"), value="10:00", reason="a")
    submit(browser, at("quiet_hours_from"), value="08:00", reason="b")
    submit(browser, at("check_in_time"), value="08:30", reason="c")
    back(browser, "quiet_hours_from", 1)
    assert "must be a time at which patients may be texted" in browser.get(at("quiet_hours_from")).text
    assert queries.value("quiet_hours_from") == time(8)


def test_of_two_administrators_the_second_sees_both_and_loses_nothing(
    browser: FlaskClient, sign_in: SignIn
) -> None:
    other, page = sign_in("administrator", name="Ben Ode"), at("response_high_hours")
    typed = {**hidden_fields(browser.get(page).text, page), "value": "3", "reason": "Mine"}
    submit(other, page, value="6", reason="Theirs")
    answer = browser.post(page, data=typed)
    assert answer.status_code == 409
    for words in ("Ben Ode saved this", 'value="3"', 'value="Mine"', "6 hours", "keep-value"):
        assert words in answer.text
    assert queries.value("response_high_hours") == 6
    again = browser.post(page, data={**hidden_fields(answer.text, page), "value": "3", "reason": "Mine"})
    assert again.status_code == 303
    assert queries.value("response_high_hours") == 3
    old = hidden_fields(answer.text, f"{page}/undo")
    submit(other, page, value="5", reason="Theirs again")
    assert browser.post(f"{page}/undo", data={**old, "version": 1}).status_code == 409
    assert queries.value("response_high_hours") == 5


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("quiet_hours_until", "21:30", "as a time from 08:00 to 21:00"),
        ("placement_cows_moderate", "25", "must be below D2: COWS from (25)"),
        ("on_call_page_minutes", "five", "as a whole number from 1 to 30"),
        ("clinic_phone", "911", "with area code"),
    ],
)
def test_what_is_refused_stays_in_its_field(browser: FlaskClient, key: str, value: str, words: str) -> None:
    answer = submit(browser, at(key), value=value, reason="Try")
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Try"' in answer.text
    assert f'value="{value}"' in answer.text
    assert queries.version() == 0


def cells(page: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows as the table's fields send them."""
    return {f"value-{at}-{name}": value for at, row in enumerate(rows) for name, value in row.items()}


COLUMN = {"first_day": 1, "last_day": 14, "check_in_days": "1-14", "spacing_days": 1, "call_days": "1, 7"}
EMPTY = dict.fromkeys(COLUMN, "")


def test_the_second_may_take_the_whole_table_of_the_first(browser: FlaskClient, sign_in: SignIn) -> None:
    page, mine = at("cadence"), cells("cadence", [{**COLUMN, "call_days": "1, 8"}])
    old = hidden_fields(browser.get(page).text, page)
    theirs = cells("cadence", [{**COLUMN, "call_days": "1-3, 7"}])
    submit(sign_in("administrator"), page, reason="Theirs", **theirs)
    answer = browser.post(page, data={**old, **mine, "reason": "Mine"})
    assert answer.status_code == 409
    for words in ("1, 14, 1-14, 1, 1, 8", "1, 14, 1-14, 1, 1-3, 7", "keep-value"):
        assert words in answer.text
    chosen = {**hidden_fields(answer.text, page), **mine, "reason": "Mine", "keep-value": "theirs"}
    assert browser.post(page, data=chosen).status_code == 303
    assert queries.value("cadence")[0].call_days == (1, 2, 3, 7)


def test_a_table_is_edited_row_by_row(browser: FlaskClient) -> None:
    second = {**COLUMN, "first_day": 15, "last_day": 20, "check_in_days": "16, 18", "call_days": ""}
    rows = cells("cadence", [COLUMN, EMPTY, second, EMPTY])
    assert submit(browser, at("cadence"), reason="Shorter", **rows).location == at("cadence")
    first, last = queries.value("cadence")
    assert (first.check_in_days, first.call_days) == (tuple(range(1, 15)), (1, 7))
    assert (last.first_day, last.check_in_days, last.call_days) == (15, (16, 18), ())
    page = browser.get(at("cadence")).text
    assert 'value="1-14"' in page
    assert "6 rows" in page


def test_a_table_that_is_refused_comes_back_as_typed(browser: FlaskClient) -> None:
    overlapping = {**COLUMN, "first_day": 14, "last_day": 20, "check_in_days": "x", "spacing_days": ""}
    rows = cells("cadence", [COLUMN, overlapping])
    answer = submit(browser, at("cadence"), reason="Wrong", **rows)
    assert answer.status_code == 422
    for words in ("Enter check-ins on day as numbers", "Enter spacing in days", 'value="x"', 'value="20"'):
        assert words in answer.text
    rows |= {"value-1-check_in_days": "16", "value-1-spacing_days": "2", "value-1-call_days": ""}
    answer = submit(browser, at("cadence"), reason="Wrong", **rows)
    assert answer.status_code == 422
    assert "the column from day 14 must begin on day 15" in answer.text
    assert queries.version() == 0


def test_crisis_numbers_of_the_clinic_s_own_country_stay(browser: FlaskClient) -> None:
    rows = cells("crisis_lines", [{"country": "GB", "emergency": "y", "label": "Emergency", "number": "999"}])
    answer = submit(browser, at("crisis_lines"), reason="Move", **rows)
    assert answer.status_code == 422
    assert "keep those of US" in answer.text


def test_holidays_are_days_the_clinic_is_closed(browser: FlaskClient) -> None:
    rows = cells("holidays", [{"on": "2026-11-26", "name": "Thanksgiving"}])
    assert submit(browser, at("holidays"), reason="Year", **rows).status_code == 303
    assert "Thanksgiving" in browser.get(at("holidays")).text
    assert [holiday.name for holiday in queries.value("holidays")] == ["Thanksgiving"]


def test_every_kind_has_a_page_and_unknown_keys_have_none(browser: FlaskClient) -> None:
    first_of = {setting.kind: setting.key for setting in SETTINGS.values()}
    assert set(first_of) == set(Kind) - {Kind.DAY, Kind.DAYS}
    for key in first_of.values():
        assert browser.get(at(key)).status_code == 200
    for address in (at("nothing"), "/administration/facts/C99"):
        assert browser.get(address).status_code == 404
    assert "A for the limit of the law" in browser.get("/administration/facts/P3.4").text


def test_pages_ask_a_fixed_number_of_questions(browser: FlaskClient) -> None:
    def asked() -> int:
        statements: list[str] = []
        count = partial(lambda kept, *rest: kept.append(rest[2]), statements)
        event.listen(db.engine, "before_cursor_execute", count)
        assert browser.get(ALL).status_code == 200
        event.remove(db.engine, "before_cursor_execute", count)
        return len(statements)

    submit(browser, at("series_weeks"), value="13", reason="a")
    few = asked()
    for minutes in range(6, 12):
        services.set_value("on_call_page_minutes", minutes, at=clock.now())
    assert asked() == few


def test_the_command_lists_what_the_documents_tell(runner: FlaskCliRunner) -> None:
    services.set_value("response_moderate_days", 2, at=clock.now())
    lines = runner.invoke(args=["settings", "list"]).output.splitlines()
    assert [line.split("\t")[0] for line in lines] == list(SETTINGS)
    assert (
        "response_moderate_days\t2 working days\t1 working day\t1 to 5 working days\tC8.6\t"
        "Moderate risk: call within" in lines
    )
