"""./run itself, in a copy of the program: comes up, looks after its children, leaves nobody behind."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from runner.steps import ROOT
from tests.runner.alive import runs
from tests.simulator.waiting import free_port, until

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".env", "var", "__pycache__", ".*_cache", ".hypothesis")
START = 180  # seconds; far more than it takes, for machines that do much else


class Run:
    """One `./run` in the copy."""

    def __init__(self, copy: Path, *options: str) -> None:
        self.port, self.log = free_port(), copy / "run.log"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                ["./run", "--port", str(self.port), *options],
                cwd=copy,
                env={name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(lambda: "Ctrl-C ends all of it" in self.said or self.process.poll() is not None, START)
        assert self.process.poll() is None, self.said

    @property
    def said(self) -> str:
        return self.log.read_text()

    def readiness(self) -> dict[str, Any]:
        answer = httpx.get(f"http://127.0.0.1:{self.port}/readyz")
        assert answer.status_code == 200
        state: dict[str, Any] = answer.json()
        return state

    def family(self) -> dict[int, str]:
        """Every process below, by its id: how it was called."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return {child.pid: " ".join(child.cmdline()) for child in children}

    def worker(self) -> int | None:
        """The main process of the worker, which all its others descend from."""
        mains = psutil.Process(self.process.pid).children()
        return next((p.pid for p in mains if "-A worker worker" in " ".join(p.cmdline())), None)


@pytest.fixture(scope="module")
def copy() -> Iterator[Path]:
    """The program in a folder of its own, with the packages that are installed here."""
    folder = Path(tempfile.mkdtemp(prefix="clinic-run-"))
    folder.chmod(0o711)  # PostgreSQL's own user passes through
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(copy: Path) -> Iterator[Callable[..., Run]]:
    begun: list[Run] = []

    def begin(*options: str) -> Run:
        begun.append(Run(copy, *options))
        return begun[-1]

    yield begin
    for run in begun:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(60)


def test_it_comes_up_starts_a_dead_worker_again_and_ends_all(start: Callable[..., Run], copy: Path) -> None:
    run = start()
    assert f"http://127.0.0.1:{run.port}" in run.said
    assert "therapist" in run.said, "the demo's sign-ins are printed"
    until(lambda: run.readiness()["last_beat"], 60)
    first = run.worker()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: "worker ended by itself with code -9 and is started again" in run.said)
    until(lambda: run.worker() not in (None, first))
    before = run.readiness()["last_beat"]
    until(lambda: run.readiness()["last_beat"] != before, 60)
    family = run.family()
    run.process.terminate()
    assert run.process.wait(60) == 0, run.said
    assert [call for number, call in family.items() if runs(number)] == []
    assert "demo\n" in run.said
    assert "demo\n" not in start().said, "a database that is there is left as it is"


def test_killed_it_leaves_nobody(start: Callable[..., Run]) -> None:
    run = start("--postgres", "--no-demo")
    assert "flask users create" in run.said
    family = run.family()
    assert any("postgres" in call for call in family.values())
    run.process.kill()
    run.process.wait()
    until(lambda: not any(runs(number) for number in family), 60)


def test_a_copy_that_runs_is_not_started_twice(start: Callable[..., Run], copy: Path) -> None:
    start("--no-demo")
    second = subprocess.run(["./run"], cwd=copy, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert second.returncode == 2
    assert second.stderr == "This copy of the clinic is running already; end that ./run first.\n"
