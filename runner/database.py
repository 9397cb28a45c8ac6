"""The clinic's database before the clinic starts: copied, brought up to date, filled with the demo."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from runner.environment import PYTHON, VENV
from runner.steps import ROOT, VAR, call, say


def require_settings(env: Mapping[str, str]) -> None:
    """The clinic accepts its settings; asked before anything is started. Raises Stop with what is wrong."""
    call([PYTHON, "-m", "clinic.core.settings"], "The settings could not be read:", env)


def upgrade(env: Mapping[str, str]) -> bool:
    """Bring the schema up to date, after a copy of a SQLite file. Whether the database was new."""
    state = call([PYTHON, "-m", "clinic.core.startup"], "The database could not be looked at:", env).strip()
    if state == "current":
        return False
    if state == "old" and env["DATABASE_URL"].startswith("sqlite:///"):
        _copy(ROOT / env["DATABASE_URL"].removeprefix("sqlite:///"))
    flask(env, "db", "upgrade")
    return state == "new"


def flask(env: Mapping[str, str], *words: str) -> str:
    """What one of the clinic's own commands prints. Raises Stop when it fails."""
    return call([str(VENV / "bin" / "flask"), *words], f"flask {' '.join(words)} failed:", env)


def _copy(database: Path) -> None:
    """A migration that fails on SQLite stays half done (T12): keep what was before."""
    folder = VAR / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{database.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    copy.chmod(0o600)
    say(f"          the database as it was before is kept in {copy.relative_to(ROOT)}")
