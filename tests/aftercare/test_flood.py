"""Who tries dead links, or presses without end, is slowed; nobody's help page ever is (reliability 14)."""

from flask.testing import FlaskClient

from tests.aftercare.conftest import Person, check_in_of, link_of, tap
from tests.conftest import MovedClock


def test_a_living_link_and_help_open_however_many_dead_ones_were_tried(
    discharged: Person, client: FlaskClient, clock: MovedClock
) -> None:
    clock.advance(hours=19, minutes=5)
    dead = [client.get(f"/c/{n:022}") for n in range(61)]
    assert [dead[59].status_code, dead[60].status_code] == [404, 429]
    assert dead[60].data == dead[0].data
    assert client.get(link_of(discharged)).status_code == 200
    assert client.get("/c/help").status_code == 200


def test_whoever_presses_without_end_gets_the_numbers_to_call(
    discharged: Person, client: FlaskClient, clock: MovedClock
) -> None:
    clock.advance(hours=19, minutes=5)
    tap(client, link_of(discharged), "8")
    for _ in range(118):
        page = client.get("/c")
    assert page.status_code == 200
    stopped = client.get("/c")
    assert stopped.status_code == 429
    assert "Talk to someone now" in stopped.text
    assert client.get("/c/help").status_code == 200
    assert check_in_of(discharged).answered_at is not None
