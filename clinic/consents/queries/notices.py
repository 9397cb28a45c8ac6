"""The notice that goes with every disclosure, as the clinic has chosen it (P1.5)."""

from clinic.configuration import queries as configuration
from clinic.consents.rules.statements import Notice, notice


def carried() -> Notice:
    """The notice in force. Raises NoNotice while the long one is chosen and its words are not loaded."""
    return notice(
        long=configuration.value("redisclosure_long"),
        long_words=configuration.value("redisclosure_long_words"),
        long_source=configuration.value("redisclosure_long_source"),
    )
