"""Limits that a file calls unverified: a clinic sets them itself (instruments/README.md, `verified`)."""

import dataclasses
from collections.abc import Mapping
from fractions import Fraction

from clinic.instruments.rules.instrument import Flag, Instrument


def with_limits(instrument: Instrument, limits: Mapping[str, int]) -> Instrument:
    """The instrument with the clinic's limits, by flag, in place of those its file does not vouch for."""
    flags = tuple(_limited(flag, limits.get(flag.id)) for flag in instrument.flags)
    return dataclasses.replace(instrument, flags=flags)


def _limited(flag: Flag, limit: int | None) -> Flag:
    if limit is None or flag.verified:
        return flag
    moved = (dataclasses.replace(c, value=Fraction(limit)) if c.on_scale else c for c in flag.conditions)
    return dataclasses.replace(flag, conditions=tuple(moved))
