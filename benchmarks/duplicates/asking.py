"""The program's two commands, run as processes."""

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import TracebackType

from benchmarks import clinics
from benchmarks.duplicates.people import Person

COLUMNS = list(Person.__dataclass_fields__)


@dataclass(frozen=True)
class Answer:
    """Whom a line brought, best first, by external id."""

    ids: list[str]
    milliseconds: float


@dataclass(frozen=True)
class Clinic:
    """An empty clinic with one site."""

    clinic: clinics.Clinic

    def take_in(self, registered: Sequence[Person]) -> float:
        """Import people. How many seconds it took."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "people.csv"
            with file.open("w", newline="") as text:
                writer = csv.DictWriter(text, COLUMNS)
                writer.writeheader()
                writer.writerows(map(asdict, registered))
            began = perf_counter()
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "patients", "import", str(file)]
            subprocess.run(command, env=self.clinic.env, check=True, stdout=subprocess.DEVNULL)
            seconds = perf_counter() - began
        clinics.settle(self.clinic)
        return seconds


class Process:
    """`flask patients match`, asked line by line."""

    def __init__(self, clinic: Clinic) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "patients", "match"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, env=clinic.clinic.env, text=True, **pipes)  # type: ignore[call-overload]

    def __enter__(self) -> "Process":
        self._line({"family_name": "Nobody"})  # the first line waits for the program to begin
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.process.stdin.close()
        self.process.wait()

    def ask(self, person: Person) -> Answer:
        """Everything known of somebody but their key."""
        began = perf_counter()
        answer = self._line(
            {column: text for column, text in person.fields().items() if column != "external_id"}
        )
        milliseconds = 1000 * (perf_counter() - began)
        return Answer([found["external_id"] for found in answer["candidates"]], milliseconds)

    def _line(self, wanted: dict[str, str]) -> dict[str, list[dict[str, str]]]:
        self.process.stdin.write(json.dumps(wanted) + "\n")
        self.process.stdin.flush()
        answer: dict[str, list[dict[str, str]]] = json.loads(self.process.stdout.readline())
        return answer
