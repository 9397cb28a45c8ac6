"""Decisions of the clinic: kept for ever, each with its version and who made it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from clinic.accounts import queries as accounts
from clinic.audit.models import AuditEntry
from clinic.configuration import queries, services
from clinic.configuration.models import ClinicSetting
from clinic.configuration.rules import SETTINGS, SessionKind
from clinic.core.db import db, transaction
from clinic.core.errors import Invalid
from tests.race import race

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def test_as_shipped_all_defaults_hold(app: Flask) -> None:
    assert queries.version() == 0
    assert queries.values() == {key: setting.default for key, setting in SETTINGS.items()}


def test_the_newest_decision_holds_and_the_older_ones_stay(app: Flask) -> None:
    assert services.set_value("check_in_time", time(11), at=NOW) == 1
    assert services.set_value("clinic_name", "Riverside", at=NOW) == 2
    assert services.set_value("check_in_time", time(12, 30), at=NOW) == 3
    assert queries.value("check_in_time") == time(12, 30)
    assert queries.value("clinic_name") == "Riverside"
    assert queries.version() == 3
    rows = db.session.execute(select(ClinicSetting.key, ClinicSetting.value).order_by(ClinicSetting.version))
    assert [tuple(row) for row in rows] == [
        ("check_in_time", "11:00"),
        ("clinic_name", "Riverside"),
        ("check_in_time", "12:30"),
    ]


def test_decisions_at_one_moment_get_a_version_each(app: Flask, env: Mapping[str, str]) -> None:
    acts = [partial(services.set_value, "on_call_page_minutes", minutes, at=NOW) for minutes in (6, 7, 8)]
    assert race(env, acts) == ["done"] * 3
    assert queries.version() == 3


def test_a_table_comes_back_as_rows(app: Flask) -> None:
    more = SessionKind("walk", "Walking group", 2, 8, 45, 6, False, False)
    services.set_value("session_kinds", (*SETTINGS["session_kinds"].default, more), at=NOW)
    assert queries.session_kind("walk") == more
    assert more.group
    assert queries.session_kind("unheard of") is None


def test_who_decided_is_kept_and_audited(app: Flask) -> None:
    services.set_value("on_call_page_minutes", 10, at=NOW)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "setting.decided")).one()
    assert (entry.detail, entry.changes) == ("on_call_page_minutes", {"on_call_page_minutes": [5, 10]})


def test_what_may_not_be_decided_changes_nothing(app: Flask) -> None:
    with pytest.raises(Invalid, match="from 08:00 to 21:00"):
        services.set_value("quiet_hours_until", time(22), at=NOW)
    assert queries.version() == 0
    assert queries.value("quiet_hours_until") == time(20)


@pytest.mark.parametrize("change", [update(ClinicSetting).values(key="x"), delete(ClinicSetting)])
def test_the_database_itself_refuses_to_change_a_decision(app: Flask, change: object) -> None:
    services.set_value("clinic_name", "Riverside", at=NOW)
    with pytest.raises(DBAPIError, match="never changed"), transaction() as session:
        session.execute(change)  # type: ignore[call-overload]


def test_the_calendar_knows_holidays(app: Flask) -> None:
    services.add_holiday(date(2026, 11, 26), "Thanksgiving", at=NOW)
    assert queries.next_working_day(date(2026, 11, 25)) == date(2026, 11, 27)
    assert queries.next_working_day(date(2026, 11, 25), 3) == date(2026, 12, 1)
    assert not queries.working_day(date(2026, 11, 26))


def test_crisis_numbers_are_those_of_the_country_and_never_guessed(app: Flask) -> None:
    assert (queries.emergency_number(), queries.emergency_number("GB")) == ("911", "999")
    assert [line.number for line in queries.crisis_lines()][:2] == ["911", "988"]
    assert queries.emergency_number("FR") is None
    assert queries.crisis_lines("FR") == []


def test_a_clinic_has_one_first_site(app: Flask) -> None:
    first = services.first_site(NOW)
    assert services.first_site(NOW) == first
    assert queries.site(first).zone == "America/New_York"
    assert isinstance(services.create_site("Hillside", zone="America/Chicago", at=NOW), UUID)
    assert [site.name for site in queries.sites()] == ["Hillside", "Main site"]
    assert accounts.supervisor_of(first) is None
