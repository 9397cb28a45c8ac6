"""Decisions in words for people."""

from datetime import date
from typing import Any

from clinic.configuration.rules.kinds import Kind, Setting
from clinic.configuration.rules.settings import LAW, plain

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_words(setting: Setting, value: Any) -> str:
    """A value with its unit, like "14 days"; of a table the number of rows."""
    if setting.kind is Kind.TABLE:
        return f"{len(value)} {'row' if len(value) == 1 else 'rows'}"
    words = cell_words(setting.kind, value)
    unit = setting.unit.removesuffix("s") if words == "1" else setting.unit
    return f"{words} {unit}".rstrip() if words else "Not known"


def cell_words(kind: Kind, value: Any) -> str:
    """One value without its unit; "" for none."""
    if value is None:
        return ""
    if kind is Kind.YES_NO:
        return "Yes" if value else "No"
    if kind is Kind.WEEKDAYS:
        return ", ".join(WEEKDAYS[day] for day in value)
    if kind is Kind.DAYS:
        return days_text(value)
    if kind is Kind.DAY:
        return day_words(value)
    return str(plain(value))


def day_words(day: date) -> str:
    """Like "Thu Nov 26, 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {MONTHS[day.month - 1]} {day.day}, {day.year}"


def days_text(days: tuple[int, ...]) -> str:
    """Ascending day numbers, three or more in a row as a span: "1-14, 16, 18"."""
    parts: list[str] = []
    spans: list[list[int]] = []
    for day in days:
        if spans and day == spans[-1][-1] + 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    for span in spans:
        parts += [f"{span[0]}-{span[-1]}"] if len(span) > 2 else [str(day) for day in span]
    return ", ".join(parts)


def read_days(text: str) -> tuple[int, ...]:
    """The day numbers of a text such as "1-14, 16". Raises ValueError for anything else."""
    days: list[int] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, dash, last = part.replace("–", "-").partition("-")
        start, stop = _day(first), _day(last) if dash else _day(first)
        if stop < start:
            raise ValueError(part)
        days += range(start, stop + 1)
    return tuple(days)


def _day(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise ValueError(text)
    return int(text)


def range_words(setting: Setting) -> str:
    """What a clinic may decide, like "1 to 60 days"."""
    low, high = plain(setting.low), plain(setting.high)
    if setting.kind in (Kind.WHOLE, Kind.CLOCK, Kind.TABLE):
        law = ", by law" if (setting.low, setting.high) == LAW else ""
        return f"{low} to {high} {setting.unit}".rstrip() + law
    return {
        Kind.TEXT: f"{low} to {high} characters",
        Kind.PHONE: "a number people can call, or none",
        Kind.YES_NO: "yes or no",
        Kind.WEEKDAYS: "at least one day",
    }[setting.kind]
