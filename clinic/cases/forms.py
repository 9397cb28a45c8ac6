"""What is typed about a contact, and where a person moves to."""

from wtforms import HiddenField, StringField

from clinic.cases.rules import LABELS, LONGEST_NOTE
from clinic.episodes.rules import ContactKind, Medication, Track
from clinic.web.forms import Choice, Clock, Day, Form, Pick, Prose


class NoteForm(Form):
    """A note. `action` is the button that was pressed: sign, or keep as a draft."""

    version = HiddenField()
    kind = Pick("Kind of contact", [(kind.value, label) for kind, label in LABELS.items()])
    happened_on = Day("Day")
    happened_at = Clock("Time", hint="24 h clock, clinic time")
    words = Prose("Note", max_length=LONGEST_NOTE, hint="The patient may read this")
    action = StringField()


class AmendmentForm(Form):
    """A correction; the first words stay."""

    words = Prose(
        "Amendment", max_length=LONGEST_NOTE, hint="What was wrong or missing. The note itself stays"
    )


class MoveForm(Form):
    """The next track, the medication that goes with it, and when the person is contacted next."""

    version = HiddenField()
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
