"""The invented clinic itself: site, staff, roster, rooms, groups."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select

from clinic.accounts import services as accounts
from clinic.accounts.models import User
from clinic.accounts.rules import DayHours, LeavePlan, Role, ShiftPlan
from clinic.configuration import services as configuring
from clinic.core.db import db
from clinic.core.rules import local
from clinic.demo.services.acting import as_staff
from clinic.scheduling.services import groups, sessions

PASSWORD = "quiet river stones at dawn"  # printed by the command; the demo is refused beside real users
STAFF = (
    ("coordinator", "Priya Nair", Role.COORDINATOR),
    ("nurse", "Ewa Kowalczyk", Role.NURSE),
    ("therapist", "Miriam Okafor", Role.THERAPIST),
    ("therapist2", "Jonah Feld", Role.THERAPIST),
    ("prescriber", "Samir Haddad", Role.PRESCRIBER),
    ("supervisor", "Jamie Frost", Role.SUPERVISOR),
    ("desk", "Rosa Bianchi", Role.DESK),
    ("privacy", "Helen Cho", Role.PRIVACY),
    ("admin", "Ada Moss", Role.ADMINISTRATOR),
    ("peer", "Walt Greene", Role.PEER),
)
ON_CALL = ("therapist", "prescriber", "supervisor")
ROOMS = (("Room 1", 6), ("Room 2", 4), ("Room 3", 4), ("Studio", 14), ("Hall", 30))
WEEKS_BACK = 8


@dataclass(frozen=True)
class Clinic:
    """The ids by which stories name people and places."""

    site_id: UUID
    zone: str
    staff: dict[str, UUID]
    rooms: dict[str, UUID]
    group_id: UUID

    def acting(self, name: str) -> AbstractContextManager[None]:
        """Act as the member of staff with this sign-in name."""
        role = next(role for sign_in_name, _, role in STAFF if sign_in_name == name)
        return as_staff(self.staff[name], role, self.site_id)


def in_use() -> bool:
    """Whether anybody can sign in already: the demo never mixes with a clinic in use."""
    return bool(db.session.scalar(select(func.count()).select_from(User)))


def build(zone: str, now: datetime) -> Clinic:
    """Site, staff, a month of on-call shifts, rooms, and the weekly groups, as they were begun weeks ago."""
    began = now - timedelta(weeks=WEEKS_BACK + 1)
    site_id = configuring.create_site("Riverside", zone=zone, phone="+12025550101", at=began)
    staff = {
        sign_in_name: accounts.create_user(
            name=name,
            sign_in_name=sign_in_name,
            role=role,
            site_id=site_id,
            password=PASSWORD,
            phone=f"+1202555{102 + place:04}",
            at=began,
        )
        for place, (sign_in_name, name, role) in enumerate(STAFF)
    }
    with as_staff(staff["admin"], Role.ADMINISTRATOR, site_id):
        configuring.set_value("clinic_name", "Riverside", at=began)
    _put_on_call(staff, zone, now)
    _hours_and_leave(staff, zone, now, began)
    with as_staff(staff["supervisor"], Role.SUPERVISOR, site_id):
        rooms = {name: sessions.add_room(site_id, name, places, at=began) for name, places in ROOMS}
        group_id = _groups(staff, rooms, site_id, zone, now, began)
    return Clinic(site_id, zone, staff, rooms, group_id)


def _hours_and_leave(staff: dict[str, UUID], zone: str, now: datetime, began: datetime) -> None:
    """Everybody works from nine to five; in two weeks one therapist is away and the other covers."""
    office = tuple(DayHours(day, time(9), time(17)) for day in range(5))
    for user_id in staff.values():
        accounts.set_hours(user_id, office, read=0, at=began)
    first = local(now, zone).date() + timedelta(weeks=2)
    plan = LeavePlan(staff["therapist2"], staff["therapist"], first, first + timedelta(days=4), zone)
    accounts.plan_leave(plan, at=now)


def _put_on_call(staff: dict[str, UUID], zone: str, now: datetime) -> None:
    """One person on each rung, round the clock from yesterday on: a month in weekly shifts."""
    first = local(now, zone).date() - timedelta(days=1)
    for week in range(5):
        start = first + timedelta(weeks=week)
        for rung, name in enumerate(ON_CALL, 1):
            shift = ShiftPlan(
                user_id=staff[name],
                rung=rung,
                local_date=start,
                starts=time(0),
                ends_date=start + timedelta(weeks=1),
                ends=time(0),
                zone=zone,
            )
            accounts.add_shift(shift, at=now)


def _groups(
    staff: dict[str, UUID],
    rooms: dict[str, UUID],
    site_id: UUID,
    zone: str,
    now: datetime,
    began: datetime,
) -> UUID:
    """Four weekly groups; gives the relapse-prevention group's id."""
    monday = local(now, zone).date() - timedelta(days=local(now, zone).weekday(), weeks=WEEKS_BACK)
    plans = (
        ("relapse_prevention", "Relapse prevention", "therapist", "Studio", 1, time(17)),
        ("process", "Support group", "therapist2", "Studio", 3, time(10)),
        ("yoga", "Yoga", "peer", "Hall", 4, time(9)),
        ("art", "Art workshop", "therapist2", "Hall", 2, time(14)),
    )
    made = []
    for kind, title, leader, room, weekday, at in plans:
        new = groups.NewSeries(
            kind=kind,
            title=title,
            therapist_id=staff[leader],
            room_id=rooms[room],
            first_on=monday + timedelta(days=weekday),
            at=at,
            minutes=90 if kind != "yoga" else 60,
            capacity=12,
        )
        made.append(groups.create_series(new, site_id=site_id, at=began))
    return made[0]
