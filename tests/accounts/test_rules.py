"""What a password must be, and where one may go after sign-in."""

import string
import unicodedata
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.accounts.rules import ABSOLUTE, IDLE, LONGEST, SHORTEST, End, device, ended, is_local, refusal
from clinic.accounts.services import first_password

NEAR = ("Miriam Okafor", "mokafor", "Riverside")
TAKEN = [
    "correct horse battery staple",
    "quiet river stones at dawn",
    "Zehn kleine Jägermeister",
    "jkw2p-7ncqr-xx9ab-hmtfd",
    "  many blanks   around it ",
    "пароль из четырех слов",
]
REFUSED = {
    "shortshortshor": "at least 15",
    "": "at least 15",
    "x" * 129: "at most 128",
    "aaaaaaaaaaaaaaaaaaaa": "common",
    "123456789012345": "common",
    "qwertyuiopasdfghjkl": "common",
    "passwordpassword": "common",
    "P@ssw0rd-Welcome1!": "common",
    "Summer2026Summer2026": "common",
    "abcabcabcabcabcabc": "common",
    "miriam.okafor.1985": "your name",
    "Riverside-riverside": "your name",
    "Riverside Clinic 2026": "your name",
}


@pytest.mark.parametrize("password", TAKEN)
def test_long_enough_passwords_of_any_kind_are_taken(password: str) -> None:
    assert refusal(password, NEAR) is None


@pytest.mark.parametrize(("password", "why"), REFUSED.items())
def test_refusals_say_why(password: str, why: str) -> None:
    assert why in (refusal(password, NEAR) or "")


@given(
    st.text(
        alphabet=string.ascii_letters + string.digits,
        min_size=40,
        max_size=LONGEST,
    ).filter(lambda text: len(set(text.casefold())) > 20)
)
def test_no_composition_is_asked_of_what_is_long_and_mixed(password: str) -> None:
    assert refusal(password, ()) is None


@given(st.text(max_size=200))
def test_the_length_counts_characters_in_one_spelling(password: str) -> None:
    composed = unicodedata.normalize("NFC", password)
    if refusal(password, NEAR) is None:
        assert SHORTEST <= len(composed) <= LONGEST
    assert refusal(composed, NEAR) == refusal(unicodedata.normalize("NFD", password), NEAR)


def test_a_made_password_is_always_taken_and_never_the_same() -> None:
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    assert [refusal(password, NEAR) for password in made] == [None] * 200


@pytest.mark.parametrize("address", ["/", "/patients", "/patients/0194?track=detox", "/a//b", "/~x"])
def test_addresses_of_ours(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize(
    "address",
    ["", "x", "//host", "/\\host", "/\t/host", "https://host/", "/a\n", "/a\\b", "javascript:x", " /"],
)
def test_addresses_that_lead_away(address: str) -> None:
    assert not is_local(address)


@given(st.text(alphabet="/\\:?#@.ab \t\n%", max_size=12))
def test_what_is_taken_has_no_host_and_no_scheme(address: str) -> None:
    if is_local(address):
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert address.startswith("/")


@given(st.timedeltas(timedelta(), timedelta(days=2)), st.timedeltas(timedelta(), timedelta(days=2)))
def test_a_sign_in_is_open_only_within_both_limits(age: timedelta, idle: timedelta) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    reason = ended(now - age, now - idle, now)
    assert (reason is None) == (age < ABSOLUTE and idle < IDLE)
    assert reason in (None, End.LIMIT, End.IDLE)


DEVICES = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0": (
        "Edge on Windows"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1": (
        "Safari on iPhone"
    ),
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36": (
        "Chrome on Android"
    ),
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    "": "Unknown browser on unknown system",
}


@pytest.mark.parametrize(("sent", "said"), DEVICES.items())
def test_a_device_as_people_say_it(sent: str, said: str) -> None:
    assert device(sent) == said
