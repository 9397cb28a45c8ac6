"""What every periodic job stands on."""

from uuid import UUID, uuid4

from clinic.core import periodic


def test_a_row_that_fails_blocks_none_behind_it() -> None:
    first, broken, last = uuid4(), uuid4(), uuid4()
    seen: list[UUID] = []

    def act(row_id: UUID) -> bool:
        if row_id == broken:
            raise ValueError
        seen.append(row_id)
        return True

    assert periodic.each([first, broken, last], act) == 2
    assert seen == [first, last]
