"""What is recorded about a contact."""

from clinic.web.editing import EditForm
from clinic.web.forms import Choice, Prose, Tick
from clinic.worklist.rules import OUTCOMES


class OutcomeForm(EditForm):
    """How it went. Closing is a choice of its own: a voicemail is not an answer."""

    outcome = Choice("How it went", [(outcome.value, label) for outcome, label in OUTCOMES.items()])
    note = Prose("What was said or agreed", optional=True, hint="Read by whoever acts next", max_length=4000)
    close = Tick("Close this item", hint="Leave open if somebody must try again")
    without = Prose("Why it is closed without it", optional=True, max_length=1000)
