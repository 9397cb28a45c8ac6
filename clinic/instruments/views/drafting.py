"""The draft of a scale, kept while answers are given; without script its button does the same."""

from datetime import datetime
from uuid import UUID

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from clinic.core.errors import Invalid, Stale
from clinic.instruments import services
from clinic.instruments.forms import InstrumentForm
from clinic.web import filters


def kept_by_script(
    form: InstrumentForm, patient_id: UUID, zone: str, now: datetime
) -> ResponseReturnValue | None:
    """Keep the sent form as a draft, dangerous answers being work at once; None where a button was pressed.

    422 where an answer cannot be read yet, 409 where somebody saved the form meanwhile.
    """
    if request.accept_mimetypes.best != "application/json":
        return None
    if not form.validate_on_submit():
        return jsonify(), 422
    filled, version = form.filled(zone), form.shown_draft()
    try:
        saved = services.save_draft(patient_id, form.instrument.id, filled, version=version, at=now)
    except Invalid:
        return jsonify(), 422
    except Stale:
        return jsonify(), 409
    return jsonify(saved=filters.to_the_second(now), version=saved.version)
