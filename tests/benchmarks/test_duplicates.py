"""The benchmark's people: invented without a word of the matcher, kinds in equal shares."""

import subprocess
import sys
from collections import Counter
from itertools import islice
from random import Random

from benchmarks.duplicates.people import Person, people
from benchmarks.duplicates.variants import KINDS, planted

COUNT = 480


def invented(seed: int) -> list[Person]:
    """The first people of a seed."""
    return list(islice(people(Random(seed)), 3_000))


def test_who_invents_knows_nothing_of_the_matcher() -> None:
    code = "import sys, benchmarks.duplicates.variants; print('clinic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_kinds_come_in_equal_shares_and_a_fifth_are_two() -> None:
    made = planted(invented(1), COUNT, Random(1))
    alone = Counter(kind for kind, _ in made if " + " not in kind)
    assert set(alone) == set(KINDS)
    assert max(alone.values()) - min(alone.values()) <= 1
    assert sum(" + " in kind for kind, _ in made) == COUNT / 5


def test_every_variant_is_somebody_described_otherwise() -> None:
    registered = invented(2)
    by_id = {person.external_id: person for person in registered}
    made = planted(registered, COUNT, Random(2))
    same = [kind for kind, variant in made if variant == by_id[variant.external_id]]
    assert len(same) <= COUNT / 100  # who marries somebody of one name keeps it


def test_a_seed_gives_the_same_people_again() -> None:
    assert invented(3) == invented(3)
