"""Signature and keywords, against what the provider's documentation and library give (P3.3, P4.2)."""

import pytest

from simulator.faults import Faults
from simulator.keywords import Keyword, keyword
from simulator.webhooks import signature


def test_signature_is_the_one_of_the_providers_library() -> None:
    params = {
        "Body": "STOP",
        "From": "+15005550001",
        "MessageSid": "SM00000000000000000000000000000001",
        "To": "+15005550006",
    }
    url = "https://clinic.example.org/messaging/inbound?zone=a"
    assert signature("12345", url, params) == "6Ic7jfFuPFTFK9jjUEJpj9+Nze8="


WORDS = {
    "STOP": Keyword.STOP,
    " stop. ": Keyword.STOP,
    "OptOut": Keyword.STOP,
    "Unstop": Keyword.START,
    "yes!": Keyword.START,
    "help": Keyword.HELP,
    "please stop": None,
    "opt out": None,
    "ALTO": None,
    "1": None,
    "": None,
}


@pytest.mark.parametrize(("body", "wanted"), WORDS.items(), ids=WORDS)
def test_keyword_is_a_whole_message(body: str, wanted: Keyword | None) -> None:
    assert keyword(body) is wanted


@pytest.mark.parametrize("wanted", [{"lose_answers": 2}, {"deny": "often"}, {"no_such": 1}])
def test_impossible_fault_is_refused(wanted: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wanted))):
        Faults().merged(wanted)
