"""The provider's addresses, what a person reads and takes, the engine, and the words of texts."""

from clinic.messaging.views import own_words
from clinic.messaging.views.engine import bp

__all__ = ["bp", "own_words"]
