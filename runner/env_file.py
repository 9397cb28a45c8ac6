"""Two small files of settings: .env (keys, made once, yours to edit), var/run.env (ports, kept by ./run)."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

HEAD = """\
# Made by ./run for this copy. Keep it secret and back it up apart from the data:
# without the keys nobody can read what is encrypted in the database.
"""


def read(file: Path) -> dict[str, str]:
    """NAME=value lines; comments and empty lines are skipped. No file is an empty one."""
    if not file.exists():
        return {}
    lines = (line.strip().removeprefix("export ") for line in file.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, _, value in pairs}


def write(file: Path, values: Mapping[str, str], head: str) -> None:
    """Write NAME=value lines under a head."""
    write_text(file, head + "".join(f"{name}={value}\n" for name, value in values.items()))


def write_text(file: Path, text: str) -> None:
    """Write a file anew and whole, for the owner's eyes only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(text)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def make_keys(file: Path) -> bool:
    """Give this copy keys of its own, once. Whether they are new."""
    if file.exists():
        return False
    simulator = {
        "CLINIC_SMS_ACCOUNT": f"AC{secrets.token_hex(16)}",
        "CLINIC_SMS_TOKEN": secrets.token_hex(16),
    }
    write(file, {"CLINIC_ENV": "development", **new_keys(), **simulator}, HEAD)
    return True


def new_keys() -> dict[str, str]:
    """The keys that every clinic needs, random."""
    return {
        "CLINIC_SECRET_KEYS": secrets.token_urlsafe(48),
        "CLINIC_FIELD_KEYS": f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "CLINIC_INDEX_KEY": secrets.token_urlsafe(48),
        "CLINIC_LINK_KEYS": secrets.token_urlsafe(48),
        "CLINIC_AUDIT_KEY": secrets.token_urlsafe(48),
    }


if __name__ == "__main__":
    print("".join(f"{name}={value}\n" for name, value in new_keys().items()), end="")
