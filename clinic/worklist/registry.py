"""Slots that upper rooms fill: kinds of work, the pager, and who else is told of a contact."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from clinic.worklist.rules import Beside, WorkKind

kinds: dict[str, WorkKind] = {}

# Called inside the transaction that raises an acute item: (work item id, at); pages the person on call.
pagers: list[Callable[[UUID, datetime], None]] = []

# Called inside the transaction that records an outcome: (work item id, patient id or None, outcome code, at).
outcomes: list[Callable[[UUID, UUID | None, str, datetime], None]] = []

# Asked for an item of a patient: (kind, patient id) -> the page that belongs beside it, if any.
beside: list[Callable[[str, UUID], Beside | None]] = []
