"""Measures pages, dispatch and memory, and writes docs/performance.md.

PostgreSQL needs the address of a server in CLINIC_BENCHMARK_POSTGRES_URL. Clinics are loaded on the first run
and kept: in databases of their own there, and under CLINIC_BENCHMARK_FOLDER (var/benchmarks/).
"""

import argparse
import sys
from pathlib import Path

from benchmarks import dispatch, memory, pages, report

PARTS = ("pages", "dispatch", "memory")
DATABASES = ("sqlite", "postgresql")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--patients", type=int, default=100_000, help="of the large clinic")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=20, help="requests of each page in a round")
    parser.add_argument("--messages", type=int, default=200, help="of each kind in a round")
    parser.add_argument("--out", type=Path, default=Path("docs/performance.md"))
    return parser.parse_args()


def main() -> None:
    """Measure what is asked for. Exit 1 where the floor is wrong."""
    asked = _options()
    measured = [
        pages.measure(database, asked.patients, rounds=asked.rounds, repeats=asked.repeats)
        for database in asked.databases
        if "pages" in asked.parts
    ]
    sent = [
        dispatch.measure(database, rounds=asked.rounds, messages=asked.messages)
        for database in asked.databases
        if "dispatch" in asked.parts
    ]
    held = [
        memory.measure(database, rounds=asked.rounds)
        for database in asked.databases
        if "memory" in asked.parts
    ]
    text = report.written(measured, sent, held, asked.rounds)
    asked.out.write_text(text)
    print(text)
    sys.exit(0 if all(map(report.right_floor, measured)) else 1)


if __name__ == "__main__":
    main()
