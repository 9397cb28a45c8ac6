"""What is typed to plan a session or group, to mark attendance, to join and to cancel."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import Field

from clinic.core.errors import Invalid
from clinic.scheduling.rules import CancelReason, Mark
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Form, Line, Pick, Whole

NO_ROOM = "none"

NOT_CHOSEN = {"": "Not chosen yet"}  # nobody is booked because they stood first in a list


def pairs(rows: Iterable[Any]) -> dict[str, str]:
    """Choices from rows with id and name."""
    return NOT_CHOSEN | {str(row.id): row.name for row in rows}


class PlanForm(EditForm):
    """When and where. `version` is that of the session that is moved."""

    on_date = Day("Date")
    at_time = Clock("Time", hint="24 h clock, clinic time")
    minutes = Whole("Length", 15, 240, unit="minutes")
    room_id = Pick("Room")

    def offer(self, rooms: Iterable[Any]) -> None:
        """Give the rooms (id, name, capacity) to choose from."""
        known = {str(room.id): f"{room.name}, holds {room.capacity}" for room in rooms}
        self.room_id.choices = NOT_CHOSEN | known | {NO_ROOM: "Phone or video"}

    def refuse(self, error: Invalid) -> None:
        """Put a refusal beside its field, beside the time where the person had nothing to choose."""
        self.add_error(error if error.field in self else Invalid("at_time", error.message))

    def room(self) -> UUID | None:
        """The chosen room; None for phone or video."""
        return None if self.room_id.data == NO_ROOM else UUID(self.room_id.data)


class BookForm(PlanForm):
    """One patient with one therapist. Fields that the person may not choose are taken away by the view."""

    patient_id = Pick("Patient")
    therapist_id = Pick("Therapist")
    kind = Pick("Kind of session")


class SeriesForm(PlanForm):
    """A weekly group."""

    title = Line("Name of the group", max_length=60)
    kind = Pick("Kind of group")
    therapist_id = Pick("Led by")
    capacity = Whole("Places", 2, 30)


class JoinForm(Form):
    """A patient joins a group."""

    patient_id = Pick("Patient")


class CancelForm(EditForm):
    """Why a session does not take place."""

    reason = Choice("Reason", [(reason.value, reason.label) for reason in CancelReason])


class RoomForm(Form):
    """A further room."""

    name = Line("Name of the room", max_length=40)
    capacity = Whole("Holds", 1, 200, unit="people")


class AmendForm(EditForm):
    """A correction of one person's attendance. `version` counts what was recorded so far."""

    mark = Choice("Attendance", [(mark.value, mark.label) for mark in Mark])
    minutes = Whole("Minutes there", 1, 480, hint="Only if it was not the whole session", optional=True)
    reason = Line("Why", max_length=300, hint="What was wrong. It is kept with what stood here before")


class AttendanceForm(EditForm):
    """A mark for each person on the list; the fields are added by `attendance_form`."""

    def mark(self, patient_id: UUID) -> Field:
        """The field of one person's mark."""
        return self[f"mark_{patient_id.hex}"]

    def minutes(self, patient_id: UUID) -> Field:
        """The field of one person's minutes."""
        return self[f"minutes_{patient_id.hex}"]


def attendance_form(names: Mapping[UUID, str]) -> type[AttendanceForm]:
    """A form for these people; all shown as present until tapped otherwise."""
    fields: dict[str, Any] = {}
    marks = [(mark.value, mark.label) for mark in Mark]
    for patient_id, name in names.items():
        key = patient_id.hex
        fields[f"mark_{key}"] = Choice(f"Attendance of {name}", marks, default=Mark.PRESENT.value)
        fields[f"minutes_{key}"] = Whole(f"Minutes of {name}", 1, 480, optional=True)
    return type("SessionAttendanceForm", (AttendanceForm,), fields)
