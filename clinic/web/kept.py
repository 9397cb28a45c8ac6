"""What somebody typed before their sign-in ended: upper rooms fill the slot, forms come back full from it."""

from collections.abc import Callable, Mapping

from werkzeug.datastructures import MultiDict

# Called on a GET; the texts by field name for the form on this page, or None where nothing is kept.
sources: list[Callable[[], Mapping[str, list[str]] | None]] = []


def typed() -> MultiDict[str, str] | None:
    """The texts for the form on this page, as a browser would send them; None where nothing is kept."""
    found = next((typed for source in sources if (typed := source())), {})
    return MultiDict((name, text) for name, texts in found.items() for text in texts) or None
