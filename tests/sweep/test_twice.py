"""A double click on any button of the product does one thing and leads to the first result."""

from tests.sweep.twice import WITHOUT_KEY, expected, found
from tests.sweep.walk import Walk, rows


def test_every_form_carries_its_key_and_a_double_click_does_one_thing(walk: Walk) -> None:
    wrong, seen = [], set()
    for one in found(walk):
        seen.add(one.endpoint)
        if one.endpoint in WITHOUT_KEY:
            continue
        first = one.browser.post(one.form.action, data=one.form.sent)
        after_first = rows()
        second = one.browser.post(one.form.action, data=one.form.sent)
        keys = [name for name in one.form.sent if name.endswith("form_id")]
        same = first.location and second.location.partition("?")[0] == first.location.partition("?")[0]
        if not (keys and first.status_code == second.status_code == 303 and same and rows() == after_first):
            wrong.append((one.endpoint, first.status_code, second.status_code, second.location))
    assert not wrong, "\n".join(map(str, wrong))
    assert seen | set(WITHOUT_KEY) == expected(walk)
