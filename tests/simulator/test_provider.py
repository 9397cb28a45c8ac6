"""The provider's protocol over a socket, healthy and broken."""

import re
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import httpx
import pytest

from simulator.webhooks import signature
from tests.simulator.conftest import ACCOUNT, TOKEN, Clinic, Simulator
from tests.simulator.waiting import until

REFUSALS = {
    "no number": ({"to": ""}, 21604),
    "bad number": ({"to": "+1202"}, 21211),
    "bad sender": ({"From": "clinic"}, 21212),
    "no text": ({"body": ""}, 21602),
    "too long": ({"body": "x" * 1601}, 21617),
    "no such validity": ({"ValidityPeriod": "0"}, 20001),
}


def test_text_is_accepted_and_told_in_order_with_signatures(simulator: Simulator, clinic: Clinic) -> None:
    answer = simulator.send()
    assert answer.status_code == 201
    assert answer.json()["status"] == "queued"
    sid = answer.json()["sid"]
    assert re.fullmatch("SM[0-9a-f]{32}", sid)
    until(lambda: len(clinic.told(sid)) == 3)
    assert clinic.told(sid) == ["queued", "sent", "delivered"]
    for path, params, signed in clinic.calls:
        assert signed == signature(TOKEN, clinic.url + path, params)
    assert (
        simulator.http.get(f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json").json()["status"]
        == "delivered"
    )


@pytest.mark.parametrize(("changes", "code"), REFUSALS.values(), ids=REFUSALS)
def test_bad_request_is_refused_with_the_providers_code(
    simulator: Simulator, changes: dict[str, str], code: int
) -> None:
    answer = simulator.send(**changes)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert simulator.accepted() == []


def test_wrong_token_is_refused(simulator: Simulator) -> None:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert simulator.http.get(path, auth=(ACCOUNT, "wrong")).status_code == 401


def test_stop_blocks_until_start(simulator: Simulator, clinic: Clinic) -> None:
    person = {"from": "+12025550123"}
    assert simulator.http.post("/texts.json", json={**person, "body": "Stop."}).status_code == 202
    refused = simulator.send()
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    assert simulator.send(to="+12025550124").status_code == 201
    assert simulator.http.post("/texts.json", json={**person, "body": "start"}).status_code == 202
    assert simulator.send().status_code == 201
    until(
        lambda: (
            {p["Body"] for path, p, _ in clinic.calls if path == "/messaging/inbound"} == {"Stop.", "start"}
        )
    )


def test_person_replies_on_the_phone_page(simulator: Simulator, clinic: Clinic) -> None:
    simulator.send(body="Look at https://clinic.example.org/c/abc.")
    page = simulator.http.get("/phones/12025550123").text
    assert '<a href="https://clinic.example.org/c/abc"' in page
    assert simulator.http.post("/phones/12025550123", data={"body": "1"}).status_code == 303
    until(lambda: any(params.get("Body") == "1" for _, params, _ in clinic.calls))
    until(lambda: "received by the clinic" in simulator.http.get("/phones/12025550123").text)


def test_lost_answer_is_accepted_and_found_by_a_look_up(simulator: Simulator) -> None:
    simulator.faults(lose_answers=1)
    with pytest.raises(httpx.RemoteProtocolError):
        simulator.send()
    assert [text["answered"] for text in simulator.accepted()] == [False]
    assert len(simulator.listed(To="+12025550123")) == 1
    assert simulator.listed(To="+12025550124") == []


def test_lost_request_is_not_accepted(simulator: Simulator) -> None:
    simulator.faults(lose_requests=1)
    with pytest.raises(httpx.RemoteProtocolError):
        simulator.send()
    assert simulator.accepted() == []


FAILURES = {"fail_500": (500, 0), "fail_500_accepted": (500, 1), "too_many": (429, 0), "deny": (401, 0)}


@pytest.mark.parametrize(("fault", "outcome"), FAILURES.items(), ids=FAILURES)
def test_failure_on_command(simulator: Simulator, fault: str, outcome: tuple[int, int]) -> None:
    simulator.faults(**{fault: 1})
    assert (simulator.send().status_code, len(simulator.accepted())) == outcome
    assert simulator.http.delete("/faults.json").status_code == 200
    assert simulator.send().status_code == 201


def test_refused_connections_heal_by_themselves(simulator: Simulator) -> None:
    simulator.faults(refuse_seconds=1)

    def refused() -> bool:
        try:
            return not simulator.http.get("/readyz")
        except httpx.ConnectError:
            return True
        except httpx.TransportError:
            return False

    until(refused)
    until(lambda: not refused())
    assert simulator.send().status_code == 201


def test_callbacks_double_reordered_lost_and_bad(simulator: Simulator, clinic: Clinic) -> None:
    simulator.faults(double_callbacks=1, reorder_callbacks=1, undelivered=1, callback_seconds=0.05)
    sid = simulator.send().json()["sid"]
    until(lambda: len(clinic.told(sid)) == 6)
    assert clinic.told(sid) == ["undelivered", "undelivered", "sent", "sent", "queued", "queued"]
    assert clinic.calls[0][1]["ErrorCode"] == "30003"
    assert simulator.accepted()[0]["status"] == "undelivered"
    simulator.faults(lose_callbacks=1)
    silent = simulator.send().json()["sid"]
    until(lambda: simulator.accepted()[1]["status"] == "undelivered")
    assert clinic.told(silent) == []


def test_clinic_that_fails_is_told_again(simulator: Simulator, clinic: Clinic) -> None:
    clinic.status = 503
    sid = simulator.send().json()["sid"]
    until(lambda: clinic.told(sid) == ["queued", "queued"])
    clinic.status = 200
    until(lambda: clinic.told(sid)[-2:] == ["sent", "delivered"])


def test_what_was_accepted_survives_a_kill(simulator: Simulator, clinic: Clinic) -> None:
    simulator.faults(callback_seconds=3600)
    sid = simulator.send().json()["sid"]
    simulator.kill()
    simulator.start()
    assert [text["sid"] for text in simulator.accepted()] == [sid]


def test_look_up_by_time_runs_on_the_moved_clock(simulator: Simulator) -> None:
    (simulator.folder.parent / "clock-offset").write_text(repr(400 * 86400.0))
    year = str(int(simulator.send().json()["date_created"].split()[3]) + 1)
    assert len(simulator.listed(**{"DateSent>": "2027-11-01T00:00:00Z"})) == 1
    assert simulator.listed(**{"DateSent>": f"{year}-12-31"}) == []


def test_it_stands_fifty_requests_a_second(simulator: Simulator) -> None:
    start = monotonic()
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda n: simulator.send(body=str(n)).status_code, range(200)))
    assert set(answers) == {201}
    assert monotonic() - start < 4
    assert len(simulator.listed(PageSize="30")) == 200
