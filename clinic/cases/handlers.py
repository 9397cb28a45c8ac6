"""The desk's tab of a record."""

from clinic.patients.registry import Tab
from clinic.patients.rules import Right

TABS = (Tab("Notes", "cases.notes", Right.NOTES, 50),)
