"""The room's pages: what a hidden record answers, and the banner of an opened one."""

from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clinic.core.clock import now
from clinic.patients import access, registry
from clinic.patients.access import Hidden, OpenRecord
from clinic.web import errors

bp = Blueprint("patients", __name__, template_folder="../templates", url_prefix="/patients")


@bp.app_errorhandler(Hidden)
def hidden(error: Hidden) -> ResponseReturnValue:
    """A record one may not see answers as one that does not exist; the refusal is kept."""
    access.refused(error, now=now())
    return errors.page(404)


class Banner(NamedTuple):
    """What stands beside and below a patient's name, and the tabs, as far as the reader's rights go."""

    tags: list[Markup | str]
    facts: list[tuple[str, Markup | str]]
    tabs: list[registry.Tab]


@bp.app_template_global()
def banner_of(record: OpenRecord) -> Banner:
    """The banner of an opened record, from what the upper rooms registered."""
    allowed = [part for part in registry.banner_parts if part.right in record.rights]
    told = [(part.label, text) for part in allowed if (text := part.render(record.id, record.opened_at))]
    return Banner(
        tags=[text for label, text in told if label is None],
        facts=[(label, text) for label, text in told if label is not None],
        tabs=sorted((tab for tab in registry.tabs if tab.right in record.rights), key=lambda tab: tab.place),
    )
