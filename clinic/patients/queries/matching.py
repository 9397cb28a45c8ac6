"""Looking up who may be the same person: few by their keys, then weighed one by one (rules.matching)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from clinic.core.db import read
from clinic.core.sealed import blind_index
from clinic.patients.access import NOW, visible
from clinic.patients.models import BlockingKey, ContactPoint, Patient
from clinic.patients.queries.people import PERSON, Person, person
from clinic.patients.rules import PointKind, Right
from clinic.patients.rules.birth import Born
from clinic.patients.rules.blocking import probes
from clinic.patients.rules.identity import separate
from clinic.patients.rules.matching import Identifiers, Likeness, compare

MOST = 10  # matches that are given
BLOCK = 400  # patients of one key that are looked at: a key that more share says little
SHORTLIST = 150  # patients who are weighed


@dataclass(frozen=True)
class Match:
    """Somebody registered who may be the same person, and why."""

    person: Person
    external_id: str | None
    likeness: Likeness


@dataclass(frozen=True)
class Known:
    """Somebody registered, with what is compared."""

    person: Person
    external_id: str | None
    identifiers: Identifiers


def likely_same(wanted: Identifiers, *, everybody: bool = False, now: datetime) -> list[Match]:
    """Visible patients (or `everybody`, for a command) who may be this person, best first, at most MOST.

    A person is also shown whom C4.8 names, seldom the same; a command is told of whom the evidence is for.
    """
    blocks = sharing(blocking_keys(probes(wanted)), everybody=everybody, now=now)
    likely = [
        Match(known.person, known.external_id, likeness)
        for known in described(_shortlist(blocks.values()), now=now)
        if (likeness := compare(wanted, known.identifiers)).alarming
        or (likeness.shown_always and not everybody)
    ]
    return sorted(likely, key=lambda match: (-match.likeness.bits, match.person.record_number))[:MOST]


def sharing(keys: Collection[int], *, everybody: bool, now: datetime) -> dict[int, list[UUID]]:
    """Visible patients (or `everybody`) of each key, at most BLOCK of one."""
    blocks: dict[int, list[UUID]] = defaultdict(list)
    for key, patient_id in read(_in_blocks(everybody), {"keys": keys, "now": now}):
        blocks[key].append(patient_id)
    return blocks


def blocking_keys(texts: Iterable[str]) -> list[int]:
    """Keys as they are kept: 64 bits of a blind index, so that no phone or address can be read from one."""
    return [int.from_bytes(blind_index(text)[:8], "big", signed=True) for text in texts]


@cache
def _in_blocks(everybody: bool) -> Select[*tuple[Any, ...]]:
    """The first BLOCK patients of each key."""
    wanted: list[ColumnElement[bool]] = [BlockingKey.key.in_(bindparam("keys", expanding=True))]
    if not everybody:
        wanted.append(visible(BlockingKey.patient_id, Right.DEMOGRAPHICS, now=NOW))
    place = func.row_number().over(partition_by=BlockingKey.key, order_by=BlockingKey.patient_id)
    rows = select(BlockingKey.key, BlockingKey.patient_id, place.label("place")).where(*wanted).subquery()
    return select(rows.c.key, rows.c.patient_id).where(rows.c.place <= BLOCK)


def _shortlist(blocks: Iterable[Collection[UUID]]) -> list[UUID]:
    """Whoever shares most keys, each the more telling the fewer share it."""
    told: dict[UUID, float] = defaultdict(float)
    for block in blocks:
        for patient_id in block:
            told[patient_id] += 1 / len(block)
    return sorted(told, key=lambda patient_id: -told[patient_id])[:SHORTLIST]


_KNOWN = select(*PERSON, Patient.former_names, Patient.address_sealed, Patient.external_id).where(
    Patient.id.in_(bindparam("ids", expanding=True))
)
_PHONES = select(ContactPoint.id, ContactPoint.patient_id, ContactPoint.value_sealed).where(
    ContactPoint.patient_id.in_(bindparam("ids", expanding=True)), ContactPoint.kind == PointKind.PHONE
)


def described(ids: Collection[UUID], *, now: datetime) -> list[Known]:
    """What is compared of patients; numbers out of use count too. The caller has authorised."""
    if not ids:
        return []
    phones: dict[UUID, set[str]] = defaultdict(set)
    for row in read(_PHONES, {"ids": ids}):
        phones[row.patient_id].add(ContactPoint.value.reveal(row.id, row.value_sealed))
    return [
        Known(person(row, now), row.external_id, _identifiers(row, phones[row.person_id]))
        for row in read(_KNOWN, {"ids": ids})
    ]


def _identifiers(row: Row[*tuple[Any, ...]], phones: Iterable[str]) -> Identifiers:
    address = Patient.address.reveal(row.person_id, row.address_sealed) or {}
    return Identifiers(
        family_name=row.family_name,
        given_names=tuple(filter(None, (row.given_name, row.called_name))),
        former_names=separate(row.former_names),
        born=Born.on(row.birth_date),
        phones=frozenset(phones),
        street=address.get("street"),
        city=address.get("city"),
        postcode=address.get("postcode"),
    )


_WITHOUT_KEYS = (
    select(Patient.id)
    .where(~select(BlockingKey.id).where(BlockingKey.patient_id == Patient.id).exists())
    .limit(bindparam("limit"))
)


def without_keys(limit: int) -> list[UUID]:
    """Patients of before there were keys."""
    return [row.id for row in read(_WITHOUT_KEYS, {"limit": limit})]


_EXTERNAL_IDS = select(Patient.external_id).where(Patient.external_id.in_(bindparam("asked", expanding=True)))


def external_ids(asked: Collection[str]) -> set[str]:
    """Those of the keys of another system under which somebody is registered."""
    return {row.external_id for row in read(_EXTERNAL_IDS, {"asked": asked})}
