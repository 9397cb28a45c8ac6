"""The chart's tab."""

from clinic.patients.registry import Tab
from clinic.patients.rules import Right

TABS = (Tab("Overview", "chart.overview", Right.DEMOGRAPHICS, 10),)
