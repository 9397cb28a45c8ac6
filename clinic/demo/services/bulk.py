"""Many patients: further sites as the first one was told, and at each of them people who came and went."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from random import Random
from uuid import UUID

from clinic.accounts.models import User
from clinic.configuration.models import Site
from clinic.core.ids import uuid7
from clinic.core.sealed import blind_index
from clinic.core.settings import current
from clinic.demo.rules.people import Invented, site_name
from clinic.demo.services import copies
from clinic.demo.services.copies import PATIENT, Pattern, Row, Rows, table_of
from clinic.intake.models import Referral
from clinic.messaging.models import Message
from clinic.messaging.rules.links import token, token_hash
from clinic.patients.models import BlockingKey, ContactPoint
from clinic.patients.queries import blocking_keys
from clinic.patients.rules import folded, record_number, sounds_like
from clinic.patients.rules.blocking import keys

SITE_SIZE = 500  # patients, most of them closed: about forty are open at a time, twenty to a therapist
DIGITS = 10**7  # of a record number without its check digit


def grow(
    patients: int,
    past: Sequence[UUID],
    newcomers: Iterator[Invented],
    chance: Random,
    told: Callable[[int, int], None],
) -> int:
    """Add copies until there are so many patients; `past` are those told whose time here is over.

    Returns how many sites there are. Each site is kept whole, in a transaction of its own.
    """
    rows = copies.read()
    theirs, others = copies.parted(rows, past)
    house, leavers = copies.pattern(others), cycle([copies.pattern(part) for part in theirs.values()])
    numbers = _record_numbers({row["record_number"] for row in rows[PATIENT]}, chance)
    sites, done = max(1, patients // SITE_SIZE), len(rows[PATIENT])
    for place in range(1, sites + 1):
        made: list[Rows] = []
        fresh: dict[str, str] = {}
        if place > 1:
            fresh = _keys(house)
            made.append(_another_site(copies.again(house, fresh), place, newcomers))
            done += len(house[PATIENT])
        missing = max(0, patients * place // sites - done)
        made += [copies.again(leaver, fresh | _keys(leaver)) for leaver in islice(leavers, missing)]
        for each in made:
            _other_people(each, newcomers, numbers)
        copies.write(made)
        done += missing
        told(done, patients)
    return sites


def _keys(pattern: Pattern) -> dict[str, str]:
    """A new key for each row of a pattern."""
    return {key: str(uuid7()) for key in copies.ids(pattern)}


def _record_numbers(taken: set[str], chance: Random) -> Iterator[str]:
    while True:
        number = record_number(f"{chance.randrange(DIGITS):07}")
        if number not in taken:
            taken.add(number)
            yield number


def _another_site(rows: Rows, place: int, newcomers: Iterator[Invented]) -> Rows:
    """Its own name and staff, who sign in as therapist.2; being paged stays with the first site's staff."""
    for site in rows[table_of(Site)]:
        site["name"] = site_name(place)
    for user, person in zip(rows[table_of(User)], newcomers, strict=False):
        user["name"] = f"{person.given_name} {person.family_name}"
        user["sign_in_name"] = f"{user['sign_in_name']}.{place}"
        user["phone_sealed"] = user["phone_index"] = None
    return rows


def _other_people(rows: Rows, newcomers: Iterator[Invented], numbers: Iterator[str]) -> None:
    """Give each patient, and each who only asked for help, a name and a number of their own."""
    people: dict[str, Invented] = defaultdict(lambda: next(newcomers))
    for patient in rows[PATIENT]:
        patient.update(_who(people[patient["id"]]), record_number=next(numbers))
    rows[table_of(BlockingKey)] = [
        {"id": str(uuid7()), "patient_id": patient["id"], "key": key}
        for patient in rows[PATIENT]
        for key in blocking_keys(keys(people[patient["id"]].identifiers))
    ]
    for point in rows[table_of(ContactPoint)]:
        phone = people[point["patient_id"]].phone
        point["value_sealed"], point["value_index"] = (
            ContactPoint.value.seal(point["id"], phone),
            blind_index(phone),
        )
    for referral in rows[table_of(Referral)]:
        _call_for_help(referral, people[referral["patient_id"] or referral["id"]])
    for message in rows.get(table_of(Message), ()):
        if message["link_hash"]:
            message["link_hash"] = token_hash(token(current().link_keys[0], UUID(message["id"])))


def _who(person: Invented) -> Row:
    return {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "name_folded": folded(f"{person.family_name} {person.given_name}"),
        "family_sound": sounds_like(person.family_name),
        "pronouns": person.pronouns,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat(),  # as the drivers take it
    }


def _call_for_help(referral: Row, person: Invented) -> None:
    name = Referral.name if referral["person_name_sealed"] is None else Referral.person_name
    referral[name.column] = name.seal(referral["id"], f"{person.given_name} {person.family_name}")
    referral["phone_sealed"] = Referral.phone.seal(referral["id"], person.phone)
