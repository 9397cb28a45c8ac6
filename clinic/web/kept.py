"""What somebody typed before their sign-in ended: upper rooms fill the slot, forms come back full from it."""

from collections.abc import Callable, Mapping

# Called on a GET; the texts by field name for the form on this page, or None where nothing is kept.
sources: list[Callable[[], Mapping[str, list[str]] | None]] = []
