"""The virtual environment in .venv: made once, brought up to date when a lock file or Python changes."""

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from runner import disk, packages
from runner.steps import ROOT, Stop, call

VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
INSTALLED = VENV / "installed.json"
SERVERS = "runner/servers.txt"  # none of its packages takes the place of one that the others brought
ROOM = {"requirements.txt": 400, "requirements-dev.txt": 800, SERVERS: 150}  # MB, with what is unpacked


def key(lock: Path) -> str:
    """Changes with the lock file and with Python."""
    text = platform.python_version().encode() + lock.read_bytes()
    return hashlib.sha256(text).hexdigest()


def installed() -> dict[str, str]:
    """The keys of the lock files that .venv was made from."""
    try:
        keys: dict[str, str] = json.loads(INSTALLED.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return keys if Path(PYTHON).exists() else {}


def prepare(lock_name: str) -> None:
    """Make .venv hold at least what the lock file names; nothing to do takes no time."""
    lock = ROOT / lock_name
    if installed().get(lock_name) == key(lock):
        return
    disk.require_room(VENV, ROOM[lock_name])
    known, new = installed() if lock_name == SERVERS else {}, not VENV.exists()
    INSTALLED.unlink(missing_ok=True)  # half an installation must not look like a whole one
    try:
        _create()
        _install(lock)
    except Stop:
        if new:
            shutil.rmtree(VENV, ignore_errors=True)
        raise
    names = {lock_name, "requirements.txt"}  # the other locks go with all that requirements.txt holds
    INSTALLED.write_text(json.dumps(known | {name: key(ROOT / name) for name in sorted(names)}))


def missing_package() -> str | None:
    """Debian's package without which there can be no .venv."""
    if _version_inside() == platform.python_version() or importlib.util.find_spec("ensurepip"):
        return None
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def _create() -> None:
    if _version_inside() == platform.python_version():
        return
    package = missing_package()
    if package and not packages.install(package):
        raise Stop(f"Python at {sys.executable} cannot make a .venv; as root: apt-get install {package}")
    call([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made.")


def _version_inside() -> str:
    if not Path(PYTHON).exists():
        return ""
    ask = [PYTHON, "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(ask, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()


def _install(lock: Path) -> None:
    """By uv, which takes a fraction of pip's time on a busy machine; where it cannot be had by pip."""
    hashes = ["--require-hashes", "-r", str(lock)]
    pip = [PYTHON, "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check"]
    uv = shutil.which("uv") or str(VENV / "bin" / "uv")
    if not Path(uv).exists():
        _works([*pip, "--require-hashes", "-r", str(ROOT / "runner" / "uv.txt")])
    if not _works([uv, "pip", "install", "-q", "--python", PYTHON, *hashes], _as_pip_is_told()):
        call([*pip, *hashes], f"pip could not install {lock.name}; is there a way to the package index?")


def _as_pip_is_told() -> dict[str, str]:
    """uv reads neither pip's settings nor, rightly, an environment that is active by chance."""
    ask = [PYTHON, "-m", "pip", "config", "get", "global.index-url"]
    index = subprocess.run(ask, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()
    index = os.environ.get("PIP_INDEX_URL", index)
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return ({"UV_DEFAULT_INDEX": index} if index else {}) | env


def _works(command: Sequence[str], env: Mapping[str, str] | None = None) -> bool:
    try:
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True)
    except FileNotFoundError:
        return False
    return done.returncode == 0
