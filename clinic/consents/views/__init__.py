"""Pages of consents."""

from clinic.consents.views import disclosing, signing, writing
from clinic.consents.views.blueprint import bp

__all__ = ["bp", "disclosing", "signing", "writing"]
