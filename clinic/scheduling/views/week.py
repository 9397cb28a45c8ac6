"""The week, and one patient's appointments."""

from datetime import date
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.configuration import queries as configuration
from clinic.core import actor, clock
from clinic.core.rules import local
from clinic.patients import access as patients
from clinic.patients.rules import Right
from clinic.scheduling import queries
from clinic.scheduling.rules import Week, place
from clinic.scheduling.views.blueprint import BOOKERS, LEADERS, bp, user
from clinic.web.policy import allow

EVERYBODY = (*BOOKERS, Role.COORDINATOR, Role.NURSE, Role.PRESCRIBER)


@bp.get("/schedule")
@allow(*BOOKERS)
def week() -> ResponseReturnValue:
    """Monday to Friday, at weekends too where something is planned; one's own sessions, all, or by room."""
    now, (user_id, site_id) = clock.now(), user()
    here = local(now, configuration.site(site_id).zone)
    shown = Week.read(request.args.get("week", "")) or Week.of(here.date())
    show = _shown(request.args.get("show", ""))
    mine = show == "mine"
    rows = queries.week(site_id, shown.days(), therapist_id=user_id if mine else None, now=now)
    seven = any(row.local_date.weekday() > 4 for row in rows)
    patients.listing("schedule.opened", {row.patient.id for row in rows if row.patient}, now=now)
    groups = queries.groups(site_id, now=now) if actor.get().role in LEADERS else []
    return render_template(
        "scheduling/week.html",
        shown=shown,
        days=[(day, _of_day(rows, day)) for day in shown.days(7 if seven else 5)],
        today=here.date(),
        this_week=Week.of(here.date()),
        show=show,
        mine=mine,
        leads=actor.get().role in LEADERS,
        rooms=_by_room(rows, site_id) if show == "rooms" else [],
        clock_row=place(here.time(), 0)[0] if 7 <= here.hour < 21 else None,
        now=now,
        hours=sum((row.ends_at - row.starts_at).total_seconds() for row in rows) / 3600,
        groups=[group for group in groups if not mine or group.therapist_id == user_id],
    )


def _shown(wanted: str) -> str:
    """Whose sessions: "mine" for whoever leads some, "all", or "rooms"."""
    if wanted in ("all", "rooms"):
        return wanted
    return "mine" if actor.get().role in LEADERS else "all"


def _by_room(rows: list[queries.SessionRow], site_id: UUID) -> list[tuple[str, list[queries.SessionRow]]]:
    """The sessions of each room, empty rooms too; last those that need none."""
    names = [room.name for room in queries.rooms(site_id)]
    elsewhere = sorted({row.place for row in rows} - set(names))
    return [(name, [row for row in rows if row.place == name]) for name in (*names, *elsewhere)]


def _of_day(rows: list[queries.SessionRow], day: date) -> list[tuple[queries.SessionRow, tuple[int, int]]]:
    return [(row, place(row.local_time, row.minutes)) for row in rows if row.local_date == day]


@bp.get("/patients/<uuid:patient_id>/appointments")
@allow(*EVERYBODY)
def appointments(patient_id: UUID) -> ResponseReturnValue:
    """One patient's sessions: to come, and how the past ones were attended."""
    now = clock.now()
    record = patients.opening(patient_id, Right.SCHEDULE, now=now)
    rows = queries.of_patient(patient_id, now=now)
    return render_template(
        "scheduling/appointments.html",
        record=record,
        coming=[line for line in reversed(rows) if line[0].ends_at > now],
        past=[line for line in rows if line[0].ends_at <= now],
        may_book=actor.get().role in BOOKERS,
        now=now,
    )
