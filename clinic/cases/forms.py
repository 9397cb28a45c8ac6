"""What is typed about a contact, and where a person moves to."""

from clinic.cases.rules import LABELS, LONGEST_NOTE
from clinic.episodes.rules import ContactKind, Medication, Track
from clinic.web.drafts import DraftedForm
from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Clock, Day, Line, Pick, Prose


class NoteForm(DraftedForm):
    """A note, to be signed or kept as a draft."""

    kind = Pick("Kind of contact", [(kind.value, label) for kind, label in LABELS.items()])
    happened_on = Day("Day")
    happened_at = Clock("Time", hint="24 h clock, clinic time")
    words = Prose("Note", max_length=LONGEST_NOTE, hint="The patient may read this")


class AmendmentForm(DraftedForm):
    """The note as it should read, and why. `version` counts the amendments that were there."""

    words = Prose("Note as it should read", max_length=LONGEST_NOTE, hint="What stands here now is kept")
    reason = Line("Why", max_length=300, hint="What was wrong or missing")


class MoveForm(EditForm):
    """The next track, the medication that goes with it, and when the person is contacted next."""

    track = Choice(
        "Level of care",
        [(track.value, track.label) for track in Track if track is not Track.AFTERCARE],
        hint="Aftercare begins with the discharge",
    )
    medication = Choice("Medication", [(kind.value, kind.label) for kind in Medication])
    next_on = Day("Next contact, day")
    next_at = Clock("Next contact, time", hint="24 h clock, the patient's zone")
    next_kind = Pick(
        "Kind of contact",
        [(kind.value, kind.label) for kind in ContactKind if kind is not ContactKind.CHECK_IN],
    )
