"""The course of an episode as a drawing: where its stays, months and marks stand. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from clinic.core.rules import instant, local

WIDTH, LEFT, RIGHT = 1392.0, 24.0, 24.0  # of the viewBox; its height is HEIGHT
HEIGHT = 136
NARROW = 84.0  # a bar of fewer units carries no word, a label above it needs more
LEAST_DAYS = 28
LANES = (114, 92)  # two heights of marks by turns, the lower first: no stem crosses the words before it
WORD = 7.4  # units of one letter, at most


@dataclass(frozen=True)
class Piece:
    """A part of the way: the referral or a stay, by its code (that of the colours) and word."""

    code: str
    word: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Bar:
    """A piece: x and width in units, its code, the word inside, the line above (empty: no room)."""

    x: float
    width: float
    code: str
    word: str
    above: str
    current: bool


@dataclass(frozen=True)
class Moment:
    """Something that happened, or is planned, at a point of the course."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Mark:
    """A moment below the bars. `anchor` is the end of the words at which they touch the point."""

    at: datetime
    x: float
    y: int
    words: str
    anchor: str
    planned: bool


@dataclass(frozen=True)
class Drawing:
    """The whole course. `ahead` is where the open stay goes on, dashed: x, width and code."""

    bars: tuple[Bar, ...]
    months: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    now: float | None
    ahead: tuple[float, float, str] | None


def days_of(piece: Piece, now: datetime, zone: str) -> int:
    """Calendar days of a piece so far, its first and last counted."""
    until = local(piece.ends_at or now, zone).date()
    return (until - local(piece.starts_at, zone).date()).days + 1


def span_words(piece: Piece, now: datetime, zone: str) -> str:
    """Aug 3, 8 days; Sep 4, 81 days so far."""
    start, days = local(piece.starts_at, zone), days_of(piece, now, zone)
    so_far = "" if piece.ends_at else " so far"
    return f"{start:%b} {start.day}, {days} {'day' if days == 1 else 'days'}{so_far}"


def draw(pieces: Sequence[Piece], moments: Iterable[Moment], now: datetime, zone: str) -> Drawing:
    """The course of one episode of at least one piece, oldest first. Some width lies ahead of now."""
    last, begin = pieces[-1], pieces[0].starts_at
    reached = now if last.ends_at is None else last.ends_at
    end = reached + max((reached - begin) / 8, timedelta(days=3))
    end = max(end, begin + timedelta(days=LEAST_DAYS))
    scale = (WIDTH - LEFT - RIGHT) / (end - begin).total_seconds()

    def x(at: datetime) -> float:
        return round(LEFT + (at - begin).total_seconds() * scale, 1)

    bars = tuple(_bar(piece, x, now, zone) for piece in pieces)
    ahead = (x(now), round(WIDTH - RIGHT - x(now), 1), last.code) if last.ends_at is None else None
    shown = sorted((moment for moment in moments if begin <= moment.at <= end), key=lambda one: one.at)
    return Drawing(
        bars=bars,
        months=tuple((x(at), words) for at, words in _months(begin, end, zone)),
        marks=tuple(_marks(shown, x, now)),
        now=x(now) if last.ends_at is None else None,
        ahead=ahead,
    )


Place = Callable[[datetime], float]


def _bar(piece: Piece, x: Place, now: datetime, zone: str) -> Bar:
    start, end = x(piece.starts_at), x(piece.ends_at or now)
    width = round(max(end - start - 3, 3.0), 1)  # three units part it from the next
    above = span_words(piece, now, zone)
    return Bar(
        x=start,
        width=width,
        code=piece.code,
        word=piece.word if width >= NARROW else "",
        above=above if width >= len(above) * WORD * 0.8 else "",
        current=piece.ends_at is None,
    )


def _months(begin: datetime, end: datetime, zone: str) -> Iterator[tuple[datetime, str]]:
    """The first of each month within; of each third one where there are many."""
    every = 3 if end - begin > timedelta(days=550) else 1
    day = local(begin, zone).date().replace(day=1)
    while (at := instant(day, time.min, zone)) < end:
        if at >= begin and (day.month - 1) % every == 0:
            yield at, f"{day:%b}" if day.month > 1 else f"{day:%b %Y}"
        day = (day + timedelta(days=32)).replace(day=1)


def _marks(moments: Sequence[Moment], x: Place, now: datetime) -> Iterator[Mark]:
    for place, moment in enumerate(moments):
        point, long = x(moment.at), len(moment.words) * WORD + 10
        anchor = "start" if point + long < WIDTH else "end"
        yield Mark(moment.at, point, LANES[place % 2], moment.words, anchor, moment.at > now)
