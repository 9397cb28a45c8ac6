"""Room on the disk, and folders that are ours to write: asked before anything is begun."""

import os
import shutil
from pathlib import Path

from runner.steps import ROOT, VAR, Stop


def require_room(folder: Path, megabytes: int) -> None:
    """Raises Stop when the disk that holds this folder has less than that left."""
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free // 1_000_000
    if free < megabytes:
        raise Stop(
            f"{folder} needs {megabytes} MB and its disk has {free} MB left; make room and start again."
        )


def require_ours() -> None:
    """Make var/; what is in it, and the keys, must be ours: perhaps it was begun as root. Raises Stop."""
    try:
        VAR.mkdir(exist_ok=True)
    except OSError as error:
        raise Stop(not_ours(VAR, error.strerror)) from None
    for path in (VAR, *sorted(VAR.iterdir()), *ROOT.glob(".env")):
        if not os.access(path, os.R_OK | os.W_OK):
            raise Stop(not_ours(path))


def not_ours(path: Path | str, why: str | None = "Permission denied") -> str:
    """The sentence about something that we may not write."""
    return f"{path} cannot be written ({why}); start as its owner, or as root: chown -R {os.geteuid()} {ROOT}"
