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
from clinic.instruments.queries.amendments import amendments
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
from clinic.instruments.queries.standing import Standing, retired, standings

__all__ = ["SHIPPED", "AdministrationRow", "Course", "Standing", "all_instruments", "amendments"]
__all__ += ["as_recorded", "courses", "drafts", "editions", "get", "history", "latest", "latest_of"]
__all__ += ["loaded", "one", "read_folder", "retired", "standings", "unsigned", "worded", "wording_id"]
