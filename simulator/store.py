"""What the provider knows, in one SQLite file that survives a kill: tests are judged by it."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY, sid TEXT NOT NULL UNIQUE, direction TEXT NOT NULL,
  sender TEXT NOT NULL, recipient TEXT NOT NULL, body TEXT NOT NULL,
  status TEXT NOT NULL, error_code INTEGER, status_callback TEXT, validity_period INTEGER,
  created_at REAL NOT NULL, sent_at REAL, answered INTEGER NOT NULL DEFAULT 1);
CREATE INDEX IF NOT EXISTS message_recipient ON message (recipient);
CREATE INDEX IF NOT EXISTS message_sender ON message (sender);
CREATE TABLE IF NOT EXISTS event (
  id INTEGER PRIMARY KEY, sid TEXT NOT NULL, place INTEGER NOT NULL, status TEXT NOT NULL, error_code INTEGER,
  url TEXT, due_at REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, done_at REAL, answer INTEGER);
CREATE INDEX IF NOT EXISTS event_open ON event (sid, place) WHERE done_at IS NULL;
CREATE TABLE IF NOT EXISTS blocked (number TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS mail (
  id INTEGER PRIMARY KEY, sender TEXT NOT NULL, recipients TEXT NOT NULL, content BLOB NOT NULL,
  received_at REAL NOT NULL);
"""
RANK = ("queued", "sent", "undelivered", "failed", "delivered")


@dataclass(frozen=True)
class Message:
    """One text. `direction`: outbound-api, outbound-reply (the provider's own), inbound. Times are epochs."""

    sid: str
    direction: str
    sender: str
    recipient: str
    body: str
    status: str
    created_at: float
    status_callback: str | None = None
    validity_period: int | None = None
    error_code: int | None = None
    sent_at: float | None = None
    answered: bool = True
    id: int | None = None


@dataclass(frozen=True)
class Event:
    """What happens next to a message: it takes on `status`, and `url` is told if there is one."""

    sid: str
    place: int
    status: str
    due_at: float
    url: str | None = None
    error_code: int | None = None
    tries: int = 0
    id: int | None = None


class Store:
    """The one connection behind a lock: enough for a thousand texts a second."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def _messages(self, tail: str, *values: object) -> list[Message]:
        return [Message(**dict(row)) for row in self._rows(f"SELECT * FROM message {tail}", *values)]

    def add(self, message: Message, events: Sequence[Event] = ()) -> None:
        """Keep a text together with what will happen to it."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO message (sid, direction, sender, recipient, body, status, status_callback,"
                " validity_period, created_at, answered) VALUES (:sid, :direction, :sender, :recipient,"
                " :body, :status, :status_callback, :validity_period, :created_at, :answered)",
                asdict(message),
            )
            db.executemany(
                "INSERT INTO event (sid, place, status, error_code, url, due_at)"
                " VALUES (:sid, :place, :status, :error_code, :url, :due_at)",
                [asdict(event) for event in events],
            )

    def message(self, sid: str) -> Message | None:
        """The text with this id."""
        return next(iter(self._messages("WHERE sid = ?", sid)), None)

    def search(self, conditions: Sequence[tuple[str, object]], limit: int) -> list[Message]:
        """Newest first. Each condition is SQL with one `?` and its value."""
        where = " AND ".join(sql for sql, _ in conditions) or "1"
        return self._messages(f"WHERE {where} ORDER BY id DESC LIMIT {limit:d}", *(v for _, v in conditions))

    def latest_of_each_phone(self) -> list[tuple[str, Message]]:
        """Each phone's number with its newest text, newest first."""
        newest = self._messages(
            "WHERE id IN (SELECT max(id) FROM message"
            " GROUP BY CASE direction WHEN 'inbound' THEN sender ELSE recipient END) ORDER BY id DESC"
        )
        return [(m.sender if m.direction == "inbound" else m.recipient, m) for m in newest]

    def thread(self, number: str) -> list[Message]:
        """All texts to and from a phone, oldest first."""
        return self._messages(
            "WHERE CASE direction WHEN 'inbound' THEN sender ELSE recipient END = ? ORDER BY id", number
        )

    def block(self, number: str) -> bool:
        """The phone said STOP. False if it had said so before."""
        with self._writing() as db:
            return db.execute("INSERT OR IGNORE INTO blocked VALUES (?)", (number,)).rowcount == 1

    def unblock(self, number: str) -> bool:
        """The phone said START. False if it was not blocked."""
        with self._writing() as db:
            return db.execute("DELETE FROM blocked WHERE number = ?", (number,)).rowcount == 1

    def is_blocked(self, number: str) -> bool:
        """Whether the phone said STOP."""
        return bool(self._rows("SELECT 1 FROM blocked WHERE number = ?", number))

    def due(self, now: float, limit: int) -> list[Event]:
        """Events whose time has come and whose predecessors are over, in order."""
        rows = self._rows(
            "SELECT id, sid, place, status, error_code, url, due_at, tries FROM event e WHERE done_at IS NULL"
            " AND due_at <= ? AND NOT EXISTS (SELECT 1 FROM event b"
            " WHERE b.sid = e.sid AND b.place < e.place AND b.done_at IS NULL) ORDER BY due_at, id LIMIT ?",
            now,
            limit,
        )
        return [Event(**dict(row)) for row in rows]

    def apply(self, event: Event, at: float) -> None:
        """The message takes on the event's status, never backwards."""
        later = RANK[RANK.index(event.status) :] if event.status in RANK else ()
        with self._writing() as db:
            db.execute(
                "UPDATE message SET status = ?, error_code = ?, sent_at = coalesce(sent_at, ?)"
                f" WHERE sid = ? AND direction <> 'inbound' AND status NOT IN ({','.join('?' * len(later))})",
                (event.status, event.error_code, None if event.status == "queued" else at, event.sid, *later),
            )

    def done(self, event: Event, at: float, answer: int | None) -> None:
        """The event is over; `answer` is the clinic's HTTP status, None if nobody was told."""
        with self._writing() as db:
            db.execute("UPDATE event SET done_at = ?, answer = ? WHERE id = ?", (at, answer, event.id))

    def again(self, event: Event, due_at: float) -> None:
        """The clinic did not take it: tell it once more at `due_at`."""
        with self._writing() as db:
            db.execute("UPDATE event SET tries = tries + 1, due_at = ? WHERE id = ?", (due_at, event.id))

    def heard(self, number: str) -> dict[str, int | None]:
        """Of each inbound text of a phone, by sid: the clinic's last HTTP status, None while under way."""
        rows = self._rows(
            "SELECT m.sid, e.answer FROM message m JOIN event e USING (sid)"
            " WHERE m.direction = 'inbound' AND m.sender = ?",
            number,
        )
        return {row["sid"]: row["answer"] for row in rows}

    def add_mail(self, sender: str, recipients: str, content: bytes, at: float) -> None:
        """Keep an e-mail as it came."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO mail (sender, recipients, content, received_at) VALUES (?,?,?,?)",
                (sender, recipients, content, at),
            )

    def mails(self) -> list[tuple[str, bytes, float]]:
        """Recipients, content and time of every e-mail, newest first."""
        rows = self._rows("SELECT recipients, content, received_at FROM mail ORDER BY id DESC")
        return [(row["recipients"], row["content"], row["received_at"]) for row in rows]
