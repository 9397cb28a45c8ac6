"""The instruments the clinic has, and what was recorded with them."""

from clinic.instruments.queries.administrations import (
    AdministrationRow,
    drafts,
    editions,
    history,
    latest,
    latest_of,
    one,
    unsigned,
)
from clinic.instruments.queries.courses import Course, courses
from clinic.instruments.queries.definitions import (
    SHIPPED,
    all_instruments,
    as_recorded,
    get,
    loaded,
    read_folder,
    worded,
    wording_id,
)
from clinic.instruments.queries.standing import Standing, standings

__all__ = ["SHIPPED", "AdministrationRow", "Course", "Standing", "all_instruments", "as_recorded", "courses"]
__all__ += ["drafts", "editions", "get", "history", "latest", "latest_of", "loaded", "one", "read_folder"]
__all__ += ["standings", "unsigned", "worded", "wording_id"]
