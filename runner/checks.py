"""./test: servers of its own, then ruff, mypy, import-linter and pytest."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from runner import environment, packages, ports, postgres, program, redis_server
from runner.environment import VENV
from runner.processes import House
from runner.steps import ROOT, Stop, say, step

PATIENCE = 20.0  # seconds that pytest has to tidy up
OURS = ("CLINIC_", "FLASK_", "DATABASE_URL", "REDIS_URL")  # a test says what it wants
# Work is stolen, not dealt out: so each process keeps to one database. The longest tests mostly wait, so
# there are five processes where there are two cores.
FIVE_AT_ONCE = ("-n", "5", "--dist", "worksteal")
CHECKS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-logo"],
    "docs": ["sphinx-build", "-q", "-W", "-b", "html", "docs", "var/site"],
}


def main(arguments: Sequence[str]) -> int:
    """Everything is checked, whatever fails; pytest is last. 0 if all is well."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(130))
    house, folder = House(), Path(tempfile.mkdtemp(prefix="clinic-test-"))
    try:
        env = _set_up(house, folder)
        failed = [name for name, command in CHECKS.items() if not _passes(name, command, env)]
        say(f"{', '.join(failed)} failed; see above." if failed else "")
        tests = _execute(["pytest", *FIVE_AT_ONCE, *arguments], env)
        return tests or int(bool(failed))
    finally:
        house.end()
        shutil.rmtree(folder, ignore_errors=True)


def _set_up(house: House, folder: Path) -> Mapping[str, str]:
    with step("Debian's packages"):
        require_packages()
    with step("Python packages"):
        environment.prepare("requirements-dev.txt")
    redis_port, postgres_port, password = ports.choose(), ports.choose(), secrets.token_urlsafe(24)
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    env |= {
        "CLINIC_TEST_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "CLINIC_TEST_POSTGRES_URL": f"postgresql+psycopg://clinic:{password}@127.0.0.1:{postgres_port}/postgres",
    }
    with step("Redis and PostgreSQL"):
        folder.chmod(0o711)  # PostgreSQL's own user passes through
        house.start(redis_server.child(redis_port, env, folder / "redis"))
        postgres.create(folder / "postgres", password)
        options = (*postgres.THROWN_AWAY, "max_connections=200", "shared_buffers=256MB")
        house.start(postgres.child(folder / "postgres", postgres_port, env, *options))
        postgres.wait(house, postgres_port)
    return env


def require_packages() -> None:
    """Chromium for the browser tests, and what .venv is made with: only Debian has them."""
    chromium = None if shutil.which("chromium") else "chromium"
    missing = [name for name in (environment.missing_package(), chromium) if name]
    if missing and not packages.install(*missing):
        raise Stop(f"./test needs what only Debian has; as root: apt-get install {' '.join(missing)}")


def _passes(name: str, command: Sequence[str], env: Mapping[str, str]) -> bool:
    with step(name):
        return _execute(command, env) == 0


def _execute(command: Sequence[str], env: Mapping[str, str]) -> int:
    program, *rest = command
    process = subprocess.Popen(
        [str(VENV / "bin" / program), *rest],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait()
    except SystemExit:
        process.send_signal(signal.SIGINT)  # pytest tidies up
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        raise
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    program.run(main)
