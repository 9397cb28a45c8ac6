"""Deciding: settings and sites."""

from clinic.configuration.services.settings import add_holiday, restore, set_value
from clinic.configuration.services.sites import change_site, create_site, first_site, restore_site

__all__ = [
    "add_holiday",
    "change_site",
    "create_site",
    "first_site",
    "restore",
    "restore_site",
    "set_value",
]
