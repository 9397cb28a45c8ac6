"""Every route, every role, one's own record, another's and none (reliability 12, 14)."""

from clinic.accounts.rules import Role
from clinic.web import policy
from tests.sweep.cases import CASES
from tests.sweep.walk import Route, Walk, last_of_the_trail, names_patient, rows
from tests.sweep.world import Nothing

REFUSALS = ("patient.refused", "page.refused")


def test_every_route_has_a_case(walk: Walk) -> None:
    assert {route.endpoint for route in walk.routes} == set(CASES)
    for rule in walk.world.app.url_map.iter_rules():
        assert rule.arguments == set(CASES[rule.endpoint].fill), rule


def test_nobody_gets_in_without_signing_in(walk: Walk) -> None:
    stranger, before = walk.world.app.test_client(), rows()
    ids = walk.world.own[Role.THERAPIST]
    form = walk.form(stranger, "/sign-in")
    for route in walk.guarded():
        answer = walk.ask(
            stranger, route.method, walk.address(route, ids), form if route.method == "POST" else None
        )
        assert (answer.status, answer.statements) == (303, ()), route
        assert answer.location.startswith("/sign-in"), route
    assert rows() == before


def test_a_role_that_may_not_learns_nothing(walk: Walk) -> None:
    before, wrong = rows(), []
    ids = walk.world.own[Role.THERAPIST]
    for role, browser in walk.world.browsers.items():
        for route in walk.guarded():
            if route.allows(role):
                continue
            answer = walk.send(browser, route, walk.address(route, ids))
            entry = last_of_the_trail()
            patient_named = CASES[route.endpoint].fill.get("patient_id")
            if (
                answer.status != (404 if route.about_a_record else 403)
                or entry.action not in REFUSALS
                or (patient_named and not names_patient(entry, ids[patient_named]))
            ):
                wrong.append((role.value, route, answer.status, entry.action))
    assert not wrong, "\n".join(map(str, wrong))
    assert rows() == before


def test_own_records_open(walk: Walk) -> None:
    wrong = []
    for role, browser in walk.world.browsers.items():
        for route, address in walk.openable(role):
            answer = walk.send(browser, route, address)
            if answer.status not in (200, 303):
                wrong.append((role.value, route.endpoint, answer.status))
    assert not wrong, "\n".join(map(str, wrong))


def test_what_is_another_s_is_as_if_it_were_not(walk: Walk) -> None:
    before, wrong = rows(), []
    for role, browser in walk.world.browsers.items():
        for route in walk.guarded():
            if not route.allows(role) or not _names_a_record(route):
                continue
            none = walk.send(browser, route, walk.address(route, Nothing()))
            for ids in walk.world.foreign[role]:
                if not walk.has(route, ids):
                    continue
                answer = walk.send(browser, route, walk.address(route, ids))
                entry = last_of_the_trail()
                different = answer.differs(none)
                if different or answer.status != 404 or entry.action not in REFUSALS:
                    wrong.append((role.value, route, answer.status, entry.action, different))
    assert not wrong, "\n".join(map(str, wrong))
    assert rows() == before


def test_what_nests_belongs_to_its_parent(walk: Walk) -> None:
    before, wrong = rows(), []
    for role, browser in walk.world.browsers.items():
        ids = walk.world.own[role]
        for route in walk.guarded():
            case = CASES[route.endpoint]
            for name in case.nested if route.allows(role) and walk.has(route, ids) else ():
                none = walk.send(browser, route, walk.address(route, ids, **{name: Nothing()["none"]}))
                others = [foreign[case.fill[name]] for foreign in walk.world.foreign[role]]
                for other in others:
                    answer = walk.send(browser, route, walk.address(route, ids, **{name: other}))
                    different = answer.differs(none)
                    if different or answer.status != 404:
                        wrong.append((role.value, route, name, answer.status, different))
    assert not wrong, "\n".join(map(str, wrong))
    assert rows() == before


def test_an_empty_form_changes_nothing(walk: Walk) -> None:
    before, wrong = rows(), []
    for role, browser in walk.world.browsers.items():
        ids = walk.world.own[role]
        for route in walk.guarded():
            if route.method == "GET" or not route.allows(role) or not walk.has(route, ids):
                continue
            address, form = walk.address(route, ids), walk.form(browser)
            sent = [form, {"csrf_token": form["csrf_token"]}]
            if CASES[route.endpoint].button:
                sent = []
            statuses = [walk.ask(browser, "POST", address, data).status for data in ({}, *sent)]
            if statuses[0] != 400 or max(statuses) >= 500 or rows() != before:
                wrong.append((role.value, route.endpoint, statuses))
    assert not wrong, "\n".join(map(str, wrong))


def _names_a_record(route: Route) -> bool:
    return any(not word.startswith("=") for word in CASES[route.endpoint].fill.values())


# What an empty request to each open route answers; a page that takes a form asks for its token.
OPEN = {
    ("accounts.sign_in", "GET"): 200,
    ("accounts.sign_in", "POST"): 400,
    ("check_in.done", "GET"): 200,
    ("check_in.link", "GET"): 404,
    ("check_in.link", "POST"): 303,
    ("check_in.need_help", "GET"): 200,
    ("check_in.questions", "GET"): 404,
    ("check_in.questions", "POST"): 303,
    ("check_in.stop_messages", "GET"): 404,
    ("check_in.stop_messages", "POST"): 303,
    ("intake.ask", "GET"): 200,
    ("intake.ask", "POST"): 400,
    ("intake.thanks", "GET"): 200,
    ("messaging.status_came", "POST"): 403,
    ("messaging.text_came", "POST"): 403,
    ("messaging.unsubscribe", "POST"): 404,
    ("messaging.unsubscribe_page", "GET"): 404,
    ("web.about", "GET"): 200,
    ("web.healthz", "GET"): 200,
    ("web.readyz", "GET"): 200,
}


def test_open_routes_give_nothing_away(walk: Walk) -> None:
    stranger, before = walk.world.app.test_client(), rows()
    ids = walk.world.own[Role.THERAPIST]
    found = {}
    for route in walk.routes:
        if route.policy not in policy.OPEN or route.endpoint.endswith("static"):
            continue
        answer = walk.ask(stranger, route.method, walk.address(route, ids))
        found[route.endpoint, route.method] = answer.status
    assert found == OPEN
    assert rows() == before


def test_files_are_served(walk: Walk) -> None:
    stranger = walk.world.app.test_client()
    for route in walk.routes:
        if route.endpoint.endswith("static"):
            assert stranger.get(walk.address(route, {})).status_code == 200, route


def test_every_dead_link_is_the_same(walk: Walk) -> None:
    stranger = walk.world.app.test_client()
    dead = [walk.ask(stranger, "GET", f"/c/{token}") for token in ("x", "0" * 22, "%00", "é" * 30)]
    assert {(answer.status, answer.body) for answer in dead} == {(404, dead[0].body)}
