"""Filling in a scale, signing and amending it; loading the clinic's own wording."""

from clinic.instruments.rules import Filled
from clinic.instruments.services.amending import Unfinished, amend
from clinic.instruments.services.filling import Saved, complete, save_draft, sign
from clinic.instruments.services.wording import load_wording

__all__ = ["Filled", "Saved", "Unfinished", "amend", "complete", "load_wording", "save_draft", "sign"]
