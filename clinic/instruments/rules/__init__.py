"""Scales as data: read a file, score answers, say where a form stands."""

from clinic.instruments.rules.instrument import Instrument, Item
from clinic.instruments.rules.parsing import Malformed, parse
from clinic.instruments.rules.running import Running, running
from clinic.instruments.rules.scoring import Incomplete, Scored, label, score

__all__ = ["Incomplete", "Instrument", "Item", "Malformed", "Running", "Scored"]
__all__ += ["label", "parse", "running", "score"]
