"""Pages of administration: settings and what they stand on, sites."""

from clinic.configuration.views import settings, sites  # noqa: F401  # they register their routes
from clinic.configuration.views.blueprint import bp

__all__ = ["bp"]
