"""The draft of a scale, kept while answers are given; without script its button does the same."""

from datetime import datetime
from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from clinic.core.errors import Stale
from clinic.instruments import services
from clinic.instruments.forms import InstrumentForm
from clinic.web import filters


def kept_by_script(
    form: InstrumentForm, patient_id: UUID, zone: str, now: datetime
) -> ResponseReturnValue | None:
    """Keep the sent form as a draft, dangerous answers being work at once; None where a button was pressed.

    What cannot be read yet is left out: a half-typed pulse holds up no dangerous answer beside it. 409 where
    somebody saved the form meanwhile.
    """
    if request.accept_mimetypes.best != "application/json":
        return None
    form.validate_on_submit()
    left_out, version = form.leave_out_unread(zone, now), form.shown_draft()
    try:
        saved = services.save_draft(
            patient_id, form.instrument.id, form.filled(zone), version=version, at=now
        )
    except Stale:
        return jsonify(), 409
    return jsonify(saved=filters.to_the_second(now), version=saved.version, left_out=left_out)
