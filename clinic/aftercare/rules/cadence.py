"""On which days after discharge somebody is asked, and on which a person calls (C8.4)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from clinic.configuration.rules import CadenceColumn

CLOSER_FOR = 14  # C8.4: days for which the closer spacing stays in force after a risk answer


def check_in_days(
    columns: Sequence[CadenceColumn], risk_days: Iterable[int] = (), closer_for: int = CLOSER_FOR
) -> list[int]:
    """All days since discharge (day 0) with a check-in, each once, ascending.

    `risk_days` are the days on which an answer was moderate or above: from each, the spacing of the
    column before the one it fell in holds for `closer_for` days, beside the planned days. The first
    column has none before it and keeps its own.
    """
    days = {day for column in columns for day in column.check_in_days}
    for risk_day in risk_days:
        spacing = _closer_spacing(columns, risk_day)
        days.update(range(risk_day + spacing, risk_day + closer_for + 1, spacing))
    last = columns[-1].last_day
    return sorted(day for day in days if 1 <= day <= last)


def call_days(columns: Sequence[CadenceColumn]) -> list[int]:
    """All days since discharge on which a person calls, ascending."""
    return sorted({day for column in columns for day in column.call_days})


def dates_between(discharged_on: date, days: Iterable[int], first: date, last: date) -> dict[date, int]:
    """The local dates of those days from `first` to `last`, both included, each with its day number."""
    dates = {discharged_on + timedelta(days=day): day for day in days}
    return {on: day for on, day in sorted(dates.items()) if first <= on <= last}


def _closer_spacing(columns: Sequence[CadenceColumn], day: int) -> int:
    position = next((n for n, column in enumerate(columns) if day <= column.last_day), len(columns) - 1)
    return columns[max(position - 1, 0)].spacing_days
