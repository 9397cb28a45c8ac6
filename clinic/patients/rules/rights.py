"""Who may see what of a patient by which relation (reliability 12)."""

import enum
from collections.abc import Iterable, Mapping

from clinic.accounts.rules import Role


class Right(enum.StrEnum):
    """A part of a record that is opened as one (reliability.md 12)."""

    DEMOGRAPHICS = "demographics"  # name, contact, consent to be contacted
    INTAKE = "intake"  # referral, assessment, placement
    CLINICAL = "clinical"  # programme, scales, facts of history, medication
    NOTES = "notes"
    SCHEDULE = "schedule"  # which appointments
    AFTERCARE = "aftercare"  # check-ins, their answers, relapse-prevention plan


class RelationKind(enum.StrEnum):
    """Why somebody has to do with a patient. The subject is a staff user or a site."""

    INTAKE = "intake"
    OWNER = "owner"
    SUPERVISION = "supervision"
    UNIT = "unit"
    CARE = "care"
    DESK = "desk"
    GROUP = "group"
    COUNTERSIGN = "countersign"  # a placement waits for a clinician of the site (C4.7)


_D, _I, _C, _N, _S, _A = Right
ALL_RIGHTS = frozenset(Right)
_APPOINTMENT = frozenset({_D, _S})

# Role and relation together give the rights; a pair that is not here gives nothing (reliability.md 12).
RIGHTS: Mapping[Role, Mapping[RelationKind, frozenset[Right]]] = {
    Role.COORDINATOR: {
        RelationKind.INTAKE: frozenset({_D, _I, _C, _S}),
        RelationKind.OWNER: frozenset({_D, _I, _C, _S}),
        RelationKind.DESK: frozenset({_D}),
    },
    Role.NURSE: {
        RelationKind.UNIT: frozenset({_D, _I, _C, _S}),
        RelationKind.OWNER: frozenset({_D, _I, _C, _S, _A}),
    },
    Role.PRESCRIBER: {
        RelationKind.CARE: ALL_RIGHTS,
        RelationKind.OWNER: ALL_RIGHTS,
        RelationKind.COUNTERSIGN: frozenset({_D, _I, _C}),
    },
    Role.THERAPIST: {
        RelationKind.OWNER: ALL_RIGHTS,
        RelationKind.COUNTERSIGN: frozenset({_D, _I, _C}),
        RelationKind.GROUP: _APPOINTMENT,
    },
    Role.SUPERVISOR: {
        RelationKind.SUPERVISION: ALL_RIGHTS,
        RelationKind.OWNER: ALL_RIGHTS,
        RelationKind.COUNTERSIGN: frozenset({_D, _I, _C}),
        RelationKind.GROUP: _APPOINTMENT,
    },
    Role.DESK: {RelationKind.DESK: _APPOINTMENT},
    Role.PEER: {RelationKind.CARE: frozenset({_D}), RelationKind.OWNER: frozenset({_D})},
    Role.PRIVACY: {},
    Role.ADMINISTRATOR: {},
}


# Roles that work with patients; a peer keeps support people, but no contacts and no consent.
WRITERS = (Role.COORDINATOR, Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR, Role.DESK)
READERS = (*WRITERS, Role.PEER)


def kinds(right: Right, role: str | None) -> tuple[RelationKind, ...]:
    """The relations by which this role gains this right; none for who has no role."""
    table = RIGHTS[Role(role)] if role else {}
    return tuple(kind for kind, rights in table.items() if right in rights)


def caseload_kinds(role: str | None) -> tuple[RelationKind, ...]:
    """The relations that make a patient one of 'my patients': the desk's only for the desk itself."""
    table = RIGHTS[Role(role)] if role else {}
    return tuple(kind for kind in table if kind is not RelationKind.DESK or role == Role.DESK)


def rights(role: str | None, held: Iterable[RelationKind]) -> frozenset[Right]:
    """Every right that this role has by the relations it holds to one patient."""
    table = RIGHTS[Role(role)] if role else {}
    return frozenset(right for kind in held for right in table.get(kind, ()))
