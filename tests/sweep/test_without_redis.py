"""Nothing on a page needs Redis: with the broker away everybody works on (dependencies T11)."""

import flask_migrate
import pytest
import redis
from flask import Flask

from clinic.core.db import db
from clinic.demo.services.clinic import PASSWORD, STAFF
from clinic.web import navigation
from tests.conftest import ENV
from tests.forms import submit


def test_everybody_works_on_and_readiness_says_what_is_missing(demo: Flask) -> None:
    with pytest.raises(redis.ConnectionError), redis.Redis.from_url(ENV["REDIS_URL"]) as nowhere:
        nowhere.ping()
    opened = 0
    for sign_in_name, _, role in STAFF:
        browser = demo.test_client()
        assert submit(browser, "/sign-in", sign_in_name=sign_in_name, password=PASSWORD).status_code == 303
        for place in navigation.places:
            if not place.roles or role in place.roles:
                with demo.test_request_context():
                    address = demo.url_for(place.endpoint)
                assert browser.get(address).status_code == 200, (sign_in_name, address)
                opened += 1
    assert opened > len(STAFF)
    asked = submit(demo.test_client(), "/help", source="person", name="Ada Obi", phone="202-555-0133")
    assert asked.status_code == 303
    flask_migrate.stamp()
    db.session.remove()
    ready = demo.test_client().get("/readyz")
    assert ready.status_code == 200
    assert "the broker cannot be reached" in ready.get_json()["degraded"]
