"""What the scales show on the record page."""

from clinic.patients.registry import Tab
from clinic.patients.rules import Right

TABS = (Tab("Scales", "instruments.overview", Right.CLINICAL, 40),)
