"""Periodic work of this room."""

import time

from clinic.configuration import queries as configuration
from clinic.core import periodic
from clinic.core.settings import current
from clinic.downtime import services

EVERY = 900  # seconds


@periodic.job("downtime.write", every=EVERY)
def write(now: periodic.Clock) -> int:
    """Write each site's sheet anew where a folder is set and the file is older than that. How many."""
    folder = current().downtime_folder
    if folder is None:
        return 0
    paths = [services.path_of(site, folder) for site in configuration.sites()]
    fresh = [path.exists() and time.time() - path.stat().st_mtime < EVERY for path in paths]
    return 0 if all(fresh) else len(services.write_all(folder, at=now()))
