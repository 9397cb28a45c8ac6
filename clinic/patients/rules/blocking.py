"""By which keys somebody is looked up before anything is compared: whoever shares one is compared. Pure.

Two slips may spoil two fields; some pair of the rest still meets. A slip within a name leaves its sound, its
beginning or its end. Keys hold phones and addresses: they are kept only as blind index.
"""

from collections.abc import Iterator

from clinic.patients.rules.matching import Identifiers, place, street
from clinic.patients.rules.names import halves, parts, sound
from clinic.patients.rules.nicknames import formal_names

EDGE = (
    2  # letters of a name's beginning and end; with the other name's sound that is selective (our choice, C)
)


def keys(known: Identifiers) -> frozenset[str]:
    """The keys under which somebody is kept."""
    return frozenset((*_own(known), *_by_names(known)))


def strong_keys(known: Identifiers) -> frozenset[str]:
    """The keys that few share: birth date and phones."""
    return frozenset(_own(known))


def probes(wanted: Identifiers) -> frozenset[str]:
    """The keys under which somebody is looked up: also with day and month, given and family name swapped."""
    found = set(keys(wanted))
    if wanted.born and wanted.born.swapped:
        found.add(_born(wanted.born.swapped.digits))
    for given in wanted.given_names:
        swapped = Identifiers(given, (wanted.family_name,), born=wanted.born)
        found.update(_by_names(swapped))
    return frozenset(found)


def _own(known: Identifiers) -> Iterator[str]:
    if known.born and not known.born.vague:
        yield _born(known.born.digits)
    yield from (f"phone|{phone}" for phone in known.phones)


def _born(digits: str) -> str:
    return f"born|{digits}"


def _by_names(known: Identifiers) -> Iterator[str]:
    families = set(_families(known))
    given = {code for name in known.given_names for code in _given_sounds(name)}
    for code in given:
        for family in families:
            yield f"names|{code}|{sound(family)}"
            yield from (f"{edge}|{code}" for edge in _edges("family", family))
    for family in map(sound, families):
        for first in {parts(name)[0] for name in known.given_names if parts(name)}:
            yield from (f"{edge}|{family}" for edge in _edges("given", first))
    if known.born:
        yield from (f"family year|{sound(family)}|{known.born.year}" for family in families)
        yield from (f"given year|{code}|{known.born.year}" for code in given)
    if known.street and (where := place(known.postcode) or place(known.city)):
        number, name = street(known.street)
        yield f"address|{number}|{sound(name)}|{where}"


def _families(known: Identifiers) -> Iterator[str]:
    """Every family name that somebody has or had, whole and in halves."""
    for name in (known.family_name, *known.former_names):
        yield "".join(parts(name))
        yield from halves(name)


def _given_sounds(name: str) -> frozenset[str]:
    """The sounds of a given name's parts, and of the formal names that they may stand for."""
    return frozenset(sound(formal) for part in parts(name) for formal in formal_names(part))


def _edges(which: str, word: str) -> tuple[str, str]:
    return f"{which}|{word[:EDGE]}~", f"{which}|~{word[-EDGE:]}"
