"""Ten main pages with few and with many patients, beside the floor page and the bare page."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks import clinics, servers
from benchmarks.figures import Series, probe, seconds, series
from benchmarks.visitors import Visitor, sign_in

PATIENT = re.compile(r"/patients/([0-9a-f]{8}-[0-9a-f-]{27})")


@dataclass(frozen=True)
class Page:
    """One of the ten: who opens it, and where; {id} is a patient in aftercare."""

    name: str
    role: str
    path: str


PAGES = (
    Page("Today", "therapist", "/"),
    Page("Patients", "desk", "/patients"),
    Page("Intake", "coordinator", "/intake"),
    Page("Chart", "therapist", "/patients/{id}"),
    Page("Notes", "therapist", "/patients/{id}/notes"),
    Page("Scales", "therapist", "/patients/{id}/instruments"),
    Page("Contacts", "therapist", "/patients/{id}/contacts"),
    Page("Schedule", "therapist", "/schedule"),
    Page("Groups", "therapist", "/groups"),
    Page("Aftercare", "supervisor", "/aftercare"),
)
FLOOR, BARE = "Floor page", "Bare page"
SMALL = 0
WARM_UP = 6


@dataclass(frozen=True)
class Measured:
    """Milliseconds a page by (its name, patients), and of the noise probe."""

    database: str
    patients: int
    durability: str
    times: dict[tuple[str, int], Series]
    noise: Series


def measure(database: str, patients: int, *, rounds: int, repeats: int) -> Measured:
    """Every page of both clinics in turn, one request at a time, in another order each turn."""
    with ExitStack() as stack:
        wanted = dict(_targets(stack, database, patients))
        for _ in range(WARM_UP):
            for get in wanted.values():
                get()
        taken: dict[tuple[str, int], list[list[float]]] = {key: [] for key in wanted}
        noise: list[list[float]] = []
        for _ in range(rounds):
            noise.append([])
            for times in taken.values():
                times.append([])
            for _ in range(repeats):
                noise[-1].append(1000 * probe())
                for key in random.sample(list(wanted), len(wanted)):
                    taken[key][-1].append(1000 * seconds(wanted[key]))
    medians = {key: series(found) for key, found in taken.items()}
    durability = clinics.durability(clinics.clinic(database, SMALL))
    return Measured(database, patients, durability, medians, series(noise))


def _targets(
    stack: ExitStack, database: str, patients: int
) -> Iterator[tuple[tuple[str, int], Callable[[], object]]]:
    for size in (SMALL, patients):
        clinic = clinics.clinic(database, size)
        product = stack.enter_context(servers.serving("wsgi:app", clinic.env))
        floor = stack.enter_context(servers.serving("benchmarks.floor:app", clinic.env))
        staff = {role: sign_in(product, role) for role in {page.role for page in PAGES}}
        patient = PATIENT.search(staff["therapist"].get("/aftercare").text)
        assert patient
        for page in PAGES:
            yield (page.name, size), _opening(staff[page.role], page.path.format(id=patient[1]))
        signed_in = Visitor(floor, staff["desk"].headers["Cookie"])
        yield (FLOOR, size), _opening(signed_in, "/floor")
        yield (BARE, size), _opening(Visitor(floor), "/bare")


def _opening(visitor: Visitor, path: str) -> Callable[[], None]:
    def get() -> None:
        answer = visitor.get(path)
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")

    return get
