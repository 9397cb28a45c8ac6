"""Which scale another one asks for: a flag's action that names it, as "Ask the full PHQ-9" does."""

import re
from collections.abc import Collection, Mapping

from clinic.instruments.rules.instrument import Flag, Instrument


def asked_for(
    instruments: Mapping[str, Instrument], instrument_id: str, flags: Collection[str]
) -> dict[str, Flag]:
    """By id the scales that standing flags of an instrument ask for, and the flag that does."""
    found: dict[str, Flag] = {}
    for flag in instruments[instrument_id].flags:
        if flag.id not in flags:
            continue
        for other in instruments.values():
            named = re.search(rf"\b{re.escape(other.short_title)}\b", flag.action)
            if named and other.id != instrument_id:
                found.setdefault(other.id, flag)
    return found
