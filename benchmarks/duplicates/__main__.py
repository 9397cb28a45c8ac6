"""Plants variants among invented people and asks for each by the program's two commands, as processes.

For each seed: so many people are imported into an empty clinic; 1,000 variants of them and 1,000 strangers,
many of them relatives of those people, are asked for line by line. Then the same once more among 100,000
people, for the time. Exit 1 where a goal is missed. PostgreSQL needs the address of a server in
CLINIC_BENCHMARK_POSTGRES_URL.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from random import Random
from statistics import median, quantiles

from benchmarks import clinics
from benchmarks.duplicates.asking import Answer, Clinic, Process
from benchmarks.duplicates.people import Person, people
from benchmarks.duplicates.variants import KINDS, planted

VARIANTS = STRANGERS = 1_000
FOUND_AT_LEAST, ALARMS_BELOW, MILLISECONDS_BELOW = 0.98, 0.01, 100.0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__)
    parser.add_argument(
        "--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql")
    )
    parser.add_argument("--seeds", nargs="+", type=int, default=(101, 102, 103))
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument(
        "--timed", type=int, default=100_000, help="people of the clinic that is timed; 0 for none"
    )
    return parser.parse_args()


def main() -> None:
    """Every database, every seed. Exit 1 where a goal is missed."""
    asked = _options()
    fine = True
    for database in asked.databases:
        for seed in asked.seeds:
            fine &= _run(database, seed, asked.people, asked.people)
        if asked.timed:
            fine &= _run(database, asked.seeds[0], asked.people, asked.timed, timed=True)
    sys.exit(0 if fine else 1)


def _run(database: str, seed: int, count: int, size: int, *, timed: bool = False) -> bool:
    """One clinic of so many people. Whether the goals are met; the time counts where it is the question."""
    chance = Random(seed)
    invented = list(islice(people(chance), size + STRANGERS))
    strangers = chance.sample(invented, STRANGERS)
    left_out = {stranger.external_id for stranger in strangers}
    registered = [person for person in invented if person.external_id not in left_out]
    variants = planted(registered[:count], VARIANTS, chance)
    clinic = Clinic(clinics.fresh(database, "duplicates"))
    seconds = clinic.take_in(registered)
    with Process(clinic) as process:
        found = [(kind, person, process.ask(person)) for kind, person in variants]
        alarms = [process.ask(person) for person in strangers]
    print(f"\n## {database}, {size:,} people, seed {seed}: imported in {seconds:.0f} s")
    times = [answer.milliseconds for _, _, answer in found] + [answer.milliseconds for answer in alarms]
    return _told(found, alarms) & (_told_times(times) or not timed)


def _told(found: Sequence[tuple[str, Person, Answer]], alarms: Sequence[Answer]) -> bool:
    missed = [
        (kind, person, answer) for kind, person, answer in found if person.external_id not in answer.ids[:3]
    ]
    of_kind, missed_of_kind = Counter[str](), Counter[str]()
    for kind, person, answer in found:
        for one in kind.split(" + "):
            of_kind[one] += 1
            missed_of_kind[one] += person.external_id not in answer.ids[:3]
    print("| kind | variants | missed |\n|---|---|---|")
    for kind in KINDS:
        print(f"| {kind} | {of_kind[kind]} | {missed_of_kind[kind]} |")
    for kind, person, answer in missed:
        print(f"missed: {kind}: {person.fields()}, {len(answer.ids)} others")
    share, alarming = 1 - len(missed) / len(found), sum(bool(answer.ids) for answer in alarms) / len(alarms)
    print(f"Found in the first three: {share:.1%}. False alarms: {alarming:.1%}.")
    return share >= FOUND_AT_LEAST and alarming < ALARMS_BELOW


def _told_times(times: Sequence[float]) -> bool:
    middle, p95 = median(times), quantiles(times, n=20)[-1]
    print(f"Milliseconds from line to line: median {middle:.1f}, 95 % below {p95:.1f}.")
    return p95 < MILLISECONDS_BELOW


if __name__ == "__main__":
    main()
