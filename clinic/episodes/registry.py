"""Slots that upper rooms fill."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from clinic.episodes.rules import Track

# Called inside the transaction that opens an episode: (episode id, patient id, at).
opened: list[Callable[[UUID, UUID, datetime], None]] = []

# Called inside the transaction that keeps a contact with somebody: (patient id, at).
contacted: list[Callable[[UUID, datetime], None]] = []

# Called inside the transaction that closes one: (episode id, patient id, at).
closed: list[Callable[[UUID, UUID, datetime], None]] = []

# Called inside the transaction that moves one to another track: (new stay's id, patient id, track, at).
moved: list[Callable[[UUID, UUID, Track, datetime], None]] = []
