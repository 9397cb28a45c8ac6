"""Taking in people of another system, batch by batch; who may be somebody known is told, never merged."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic.audit import services as audit
from clinic.configuration.queries import SiteRow
from clinic.core.db import metadata, transaction
from clinic.core.ids import uuid7
from clinic.core.sealed import blind_index
from clinic.patients import queries
from clinic.patients.access import listing
from clinic.patients.models import BlockingKey, ContactPoint, Patient, Relation
from clinic.patients.rules import Address, NewPatient, PointKind, RelationKind
from clinic.patients.rules.blocking import keys, strong_keys
from clinic.patients.rules.matching import Identifiers, Likeness, compare
from clinic.patients.rules.rows import Row
from clinic.patients.services.identity import columns, free_record_numbers, kept_address

SEEN_BY = (RelationKind.INTAKE, RelationKind.DESK)
Numbered = tuple[int, Row]  # a row with its line in the file


class Problem(NamedTuple):
    """Why a row is left out, and what to do."""

    line: int
    column: str
    words: str


class Alike(NamedTuple):
    """A row that may be somebody known: `other` is "line 4" or "record 4821 7306", the latter a patient."""

    line: int
    other: str
    patient_id: UUID | None
    likeness: Likeness


class Other(NamedTuple):
    """Somebody a row is weighed against: a patient, or whoever stands in an earlier line."""

    name: str
    patient_id: UUID | None
    identifiers: Identifiers


class Import:
    """One file on its way in. A row is weighed against whoever shares its birth date or phone."""

    def __init__(self, site: SiteRow, *, dry_run: bool, at: datetime) -> None:
        self.site, self.dry_run, self.at = site, dry_run, at
        self.lines_of_key: dict[str, list[Other]] = defaultdict(list)
        self.line_of_external_id: dict[str, int] = {}
        self.imported: set[UUID] = set()

    def take(self, batch: Sequence[Numbered]) -> tuple[list[Problem], list[Alike]]:
        """Keep a batch, but in a dry run, in one transaction. Which rows were left out, which look known."""
        problems = list(self._taken(batch))
        left_out = {problem.line for problem in problems}
        rows = [(line, row) for line, row in batch if line not in left_out]
        with transaction() as session:
            alike = list(self._alike(rows))
            if told := {one.patient_id for one in alike if one.patient_id}:
                listing("patient.likely_same", told, now=self.at)
            if not self.dry_run:
                self.imported.update(self._keep(session, [row for _, row in rows]))
        return problems, alike

    def _taken(self, batch: Sequence[Numbered]) -> Iterator[Problem]:
        """Rows whose external id somebody has."""
        asked = [row.external_id for _, row in batch if row.external_id]
        registered = queries.external_ids(asked)
        for line, row in batch:
            if row.external_id in registered:
                yield Problem(line, "external_id", "Somebody is registered under it. Leave the row out")
            elif row.external_id:
                first = self.line_of_external_id.setdefault(row.external_id, line)
                if first != line:
                    yield Problem(line, "external_id", f"Line {first} has it. Give each person their own")

    def _alike(self, rows: Sequence[Numbered]) -> Iterator[Alike]:
        """The likeliest of each row, among the file's earlier lines and who was registered before."""
        known = self._registered(rows)
        for line, row in rows:
            own = strong_keys(row.identifiers)
            weighed = [
                Alike(line, name, patient_id, compare(row.identifiers, other))
                for key in own
                for name, patient_id, other in (*known[key], *self.lines_of_key[key])
            ]
            best = max(weighed, key=lambda alike: alike.likeness.bits, default=None)
            if best and best.likeness.alarming:
                yield best
            for key in own:
                if len(self.lines_of_key[key]) < queries.BLOCK:
                    self.lines_of_key[key].append(Other(f"line {line}", None, row.identifiers))

    def _registered(self, rows: Sequence[Numbered]) -> dict[str, list[Other]]:
        """Who was registered before this file, by the strong keys of its rows."""
        texts = sorted({key for _, row in rows for key in strong_keys(row.identifiers)})
        number = dict(zip(texts, queries.blocking_keys(texts), strict=True))
        blocks = queries.sharing(list(number.values()), everybody=True, now=self.at)
        before = {key: [one for one in block if one not in self.imported] for key, block in blocks.items()}
        ids = {patient_id for block in before.values() for patient_id in block}
        known = {
            one.person.id: Other(f"record {one.person.record}", one.person.id, one.identifiers)
            for one in queries.described(ids, now=self.at)
        }
        return {text: [known[one] for one in before.get(number[text], ())] for text in texts}

    def _keep(self, session: Session, rows: Sequence[Row]) -> list[UUID]:
        """Insert rows by table, with one row of the trail."""
        new = dict(zip((uuid7() for _ in rows), map(self._new_patient, rows), strict=True))
        numbers = free_record_numbers(session, len(rows))
        tables = {
            Patient: [
                self._patient(key, person, number)
                for (key, person), number in zip(new.items(), numbers, strict=True)
            ],
            Relation: [self._relation(key, kind) for key in new for kind in SEEN_BY],
            ContactPoint: [self._phone(key, person.phone) for key, person in new.items() if person.phone],
            BlockingKey: [
                {"id": uuid7(), "patient_id": patient_id, "key": key}
                for patient_id, row in zip(new, rows, strict=True)
                for key in queries.blocking_keys(keys(row.identifiers))
            ],
        }
        for model, values in tables.items():
            if values:
                session.connection().execute(insert(metadata.tables[model.__tablename__]), values)
        audit.record("patient.imported", new, at=self.at)
        return list(new)

    def _new_patient(self, row: Row) -> NewPatient:
        born = row.birth_date
        assert row.given_name and born and born.month and born.day  # the import requires them
        return NewPatient(
            family_name=row.family_name,
            given_name=row.given_name,
            birth_date=date(born.year, born.month, born.day),
            site_id=self.site.id,
            zone=self.site.zone,
            phone=row.phone,
            address=Address(row.street, row.city, row.postcode),
            external_id=row.external_id,
        )

    def _patient(self, key: UUID, new: NewPatient, number: str) -> dict[str, object]:
        address = Patient.address.seal(key, kept_address(new.address))
        own = {"id": key, "record_number": number, "address_sealed": address, "version": 1}
        return own | columns(new, self.at)

    def _relation(self, key: UUID, kind: RelationKind) -> dict[str, object]:
        source = {"source_kind": "patient", "source_id": key}
        own = {"id": uuid7(), "patient_id": key, "kind": kind, "subject_id": self.site.id}
        return own | source | {"starts_at": self.at}

    def _phone(self, key: UUID, phone: str) -> dict[str, object]:
        point_id = uuid7()
        return {
            "id": point_id, "patient_id": key, "kind": PointKind.PHONE, "valid_from": self.at,
            "value_sealed": ContactPoint.value.seal(point_id, phone), "value_index": blind_index(phone),
            "may_voicemail": False,
        }  # fmt: skip
