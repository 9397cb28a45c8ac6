"""Debian packages, where we may install them."""

import os
import shutil
import subprocess
from collections.abc import Sequence


def possible() -> bool:
    """Whether this is Debian (or alike) and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*names: str) -> bool:
    """Install with apt-get, with fresh lists if the old ones do not do; whether it worked."""
    command = ("install", "-y", "--no-install-recommends", *names)
    return possible() and (_apt(command) or (_apt(("update",)) and _apt(command)))


def _apt(arguments: Sequence[str]) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-q", *arguments],
        env=quiet,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return done.returncode == 0
