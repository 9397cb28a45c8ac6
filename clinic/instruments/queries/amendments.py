"""What each amendment of a form changed, in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from uuid import UUID

from clinic.instruments.queries.administrations import AdministrationRow
from clinic.instruments.rules import Instrument, Item, context_words
from clinic.web import filters
from clinic.web.amendments import Amendment, changed


def amendments(
    instrument: Instrument, editions: Sequence[AdministrationRow], names: Mapping[UUID, str]
) -> list[Amendment]:
    """Who changed what, when and why, oldest first. `editions` begin with the form as first signed."""
    return [
        Amendment(
            now.recorded_at,
            names.get(now.recorded_by, "Not known"),
            now.reason,
            changed([(label, in_words(was), in_words(now)) for label, in_words in _parts(instrument)]),
        )
        for was, now in pairwise(editions)
    ]


def _parts(instrument: Instrument) -> Iterator[tuple[str, Callable[[AdministrationRow], str]]]:
    """Every part of a form: its label, and how to write it in words."""
    for item in instrument.items:
        yield f"{instrument.number(item)} {item.name}", partial(_answer, instrument, item)
    for name in instrument.context:
        yield name.replace("_", " ").capitalize(), partial(_context, name)
    for scale in instrument.scales:
        several = f", {scale.words.lower()}" if len(instrument.scales) > 1 else ""
        yield f"Score{several}", partial(_score, scale.id)
    yield "Observed", lambda form: filters.moment(form.observed_at)
    yield "Reason for taking it", lambda form: form.occasion or "None given"


def _answer(instrument: Instrument, item: Item, form: AdministrationRow) -> str:
    return instrument.said(item, form.filled)


def _context(name: str, form: AdministrationRow) -> str:
    return context_words(form.context.get(name))


def _score(scale_id: str, form: AdministrationRow) -> str:
    value = (form.scores or {}).get(scale_id)
    return f"{value} {form.band_label(scale_id)}".strip()
