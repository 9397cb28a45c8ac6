"""Who acts now: set by sign-in, patient link, command and task; read by policy and audit."""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


class ActorKind(enum.StrEnum):
    """Through which door somebody came in."""

    USER = "user"
    PATIENT_LINK = "patient_link"
    PUBLIC = "public"
    PROVIDER = "provider"
    COMMAND = "command"
    TASK = "task"


@dataclass(frozen=True)
class Actor:
    """One acting person or process.

    `subject_ids` are the ids to which relations may be held: the user, the user's site, and every member of
    staff for whom the user acts while they are away (`covers`).
    """

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    role: str | None = None
    site_id: UUID | None = None
    subject_ids: tuple[UUID, ...] = ()
    covers: tuple[UUID, ...] = ()

    @property
    def stands_for(self) -> tuple[UUID, ...]:
        """Whose work the actor does: their own, and that of everybody they cover now."""
        return (self.id, *self.covers) if self.id else ()


PUBLIC = Actor(ActorKind.PUBLIC)
_current: ContextVar[Actor] = ContextVar("actor", default=PUBLIC)
_request_id: ContextVar[str] = ContextVar("request_id", default="")


def get() -> Actor:
    """Who acts now; the public until a door says otherwise."""
    return _current.get()


def user_id() -> UUID | None:
    """The member of staff who acts; None for everybody else, whatever door they came through."""
    who = get()
    return who.id if who.kind is ActorKind.USER else None


def set_for_request(actor: Actor) -> None:
    """Set by a door that knows who came in; each request starts again as the public."""
    _current.set(actor)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Act as somebody within a block."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)


def request_id() -> str:
    """The reference of the current request, command or task; empty outside one."""
    return _request_id.get()


def set_request_id(value: str) -> None:
    """Set by the door that starts a unit of work."""
    _request_id.set(value)
