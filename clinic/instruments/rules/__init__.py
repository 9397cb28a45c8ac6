"""Scales as data: read a file, score answers, say where a form stands and what became of it."""

from clinic.instruments.rules.change import Change, change
from clinic.instruments.rules.curve import Curve, curve
from clinic.instruments.rules.due import asked_for
from clinic.instruments.rules.filled import Filled
from clinic.instruments.rules.instrument import Flag, Instrument, Item, Malformed, Scale, context_words
from clinic.instruments.rules.limits import with_limits
from clinic.instruments.rules.parsing import parse
from clinic.instruments.rules.running import Running, bands_for, running
from clinic.instruments.rules.scoring import Incomplete, Scored, label, score
from clinic.instruments.rules.wording import Unusable, Wording, read_wording, worded

__all__ = ["Change", "Curve", "Filled", "Flag", "Incomplete", "Instrument", "Item", "Malformed", "Running"]
__all__ += ["Scale", "Scored", "Unusable", "Wording", "asked_for", "bands_for", "change", "context_words"]
__all__ += ["curve", "label", "parse", "read_wording", "running", "score", "with_limits", "worded"]
