"""Slots that upper rooms fill."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

# Called inside the transaction that gives a site another zone: (site id, old zone, new zone, at). What is
# planned there keeps its local date and time, and its instants are computed anew (P7.1).
rezoned: list[Callable[[UUID, str, str, datetime], None]] = []
