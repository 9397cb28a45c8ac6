"""Kinds of notes. Pure."""

import enum


class NoteKind(enum.StrEnum):
    """What a note is about."""

    SESSION = "session"
    GROUP = "group"
    CALL = "call"
    VISIT = "visit"
    OTHER = "other"

    @property
    def label(self) -> str:
        """In words."""
        return LABELS[self]

    @property
    def contact(self) -> bool:
        """Whether somebody was in touch with the person."""
        return self is not NoteKind.OTHER


LABELS = {
    NoteKind.SESSION: "Individual session",
    NoteKind.GROUP: "Group session",
    NoteKind.CALL: "Call",
    NoteKind.VISIT: "Visit",
    NoteKind.OTHER: "Other",
}
LONGEST_NOTE = 10_000  # characters
EXCERPT = 180  # characters of a note that a list shows
