"""What somebody may choose on the page behind a link about the messages: pause, stop, not me (P3.2)."""

import enum
from datetime import date, timedelta

from clinic.patients.rules import MessageKind

PAUSES = (3, 7, 14)  # days that are offered, as far as the clinic's longest pause goes


class Wish(enum.StrEnum):
    """One tap each. A pause carries its days: `pause_7`."""

    PAUSE = "pause"
    STOP_CHECK_INS = "stop_check_ins"
    STOP_APPOINTMENTS = "stop_appointments"
    STOP_ALL = "stop_all"
    NOT_ME = "not_me"


STOPS = {
    Wish.STOP_CHECK_INS: MessageKind.CHECK_INS,
    Wish.STOP_APPOINTMENTS: MessageKind.APPOINTMENTS,
}
DONE = {
    Wish.PAUSE: (
        "Paused",
        "No questions come until the day you chose. They start again by themselves, or when you tell us.",
    ),
    Wish.STOP_CHECK_INS: ("Questions are stopped", "To start them again, tell any of our staff."),
    Wish.STOP_APPOINTMENTS: ("Reminders are stopped", "To start them again, tell any of our staff."),
    Wish.STOP_ALL: (
        "Messages are stopped",
        "You get no more from us. To start them again, tell any of our staff.",
    ),
    Wish.NOT_ME: ("Thank you. We are sorry", "Nothing more is sent here."),
}


def choices(today: date, longest: int) -> list[tuple[str, str]]:
    """(code, words) of every button; `longest` is the clinic's longest pause in days."""
    days = sorted({min(each, longest) for each in PAUSES})
    pauses = [(f"{Wish.PAUSE}_{each}", f"Pause until {_day(today + timedelta(days=each))}") for each in days]
    return [
        *pauses,
        (Wish.STOP_CHECK_INS, "Stop the questions"),
        (Wish.STOP_APPOINTMENTS, "Stop appointment reminders"),
        (Wish.STOP_ALL, "Stop all messages"),
        (Wish.NOT_ME, "This is not me"),
    ]


def read(code: str) -> tuple[Wish, int]:
    """(wish, days of a pause or 0) of a button's code that was offered."""
    name, _, days = code.rpartition("_")
    return (Wish.PAUSE, int(days)) if name == Wish.PAUSE else (Wish(code), 0)


def _day(on: date) -> str:
    return f"{on:%a %b} {on.day}"
