"""The sheet as a file on this machine, that opens when the server does not."""

import os
import re
from datetime import datetime
from pathlib import Path

from flask import render_template
from markupsafe import Markup

from clinic.accounts.rules import Role
from clinic.audit import services as audit
from clinic.configuration import queries as configuration
from clinic.configuration.queries import SiteRow
from clinic.core import actor
from clinic.core.actor import Actor
from clinic.core.db import transaction
from clinic.downtime import queries

STYLE = Path(__file__).with_name("static") / "downtime.css"


def write_all(folder: Path, *, at: datetime) -> list[Path]:
    """Write the sheet of each site into a folder, readable by this user alone. Where they are."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [_write(site, folder, at) for site in configuration.sites()]


def path_of(site: SiteRow, folder: Path) -> Path:
    """Where the sheet of a site is written; two sites may have one name."""
    name = re.sub(r"\W+", "-", site.name.lower()).strip("-")
    return folder / f"downtime-{name}-{site.id.hex[-4:]}.html"


def _write(site: SiteRow, folder: Path, at: datetime) -> Path:
    """With the rights of the site's supervisor; kept as a disclosure before the file exists."""
    who = actor.get()
    reader = Actor(who.kind, name=who.name, role=Role.SUPERVISOR, site_id=site.id, subject_ids=(site.id,))
    with actor.acting(reader):
        sheet = queries.sheet(now=at)
        with transaction():
            audit.record("downtime.written", sheet.ids, at=at, subject_kind="site", subject_id=site.id)
    # Our own file, not something typed: a page without a server has no other place for its style.
    style = Markup(STYLE.read_text())  # noqa: S704
    text = render_template("downtime/file.html", sheet=sheet, site=site, style=style)
    path = path_of(site, folder)
    _replace(path, text)
    return path


def _replace(path: Path, text: str) -> None:
    """The old file or the new one, never half of it, and never readable by others."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
