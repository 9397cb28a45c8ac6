"""Reading the trail."""

import hmac
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import inspect, select

from clinic.audit.models import AuditEntry
from clinic.audit.rules import mac
from clinic.core.db import db
from clinic.core.settings import current


def broken() -> Iterator[UUID]:
    """Ids of the rows whose MAC does not fit what they say, oldest first."""
    key = current().audit_key
    columns = inspect(AuditEntry).columns
    rows = db.session.execute(select(*columns).order_by(AuditEntry.id).execution_options(yield_per=1000))
    for row in rows.mappings():
        said = dict(row)
        kept = said.pop("mac")
        if not hmac.compare_digest(kept, mac(key, said)):
            yield said["id"]
