"""Why a use case refused. Each says in words for people what happened; none carries a patient's data."""


class Refused(Exception):
    """A rule says no. The text is shown to the person who asked, on a page with status 409."""

    status = 409

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Refused):
    """One field cannot be accepted. `field` is the form's field name; the view shows the text beside it."""

    status = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Stale(Refused):
    """Somebody else saved the same record meanwhile; nothing was changed."""

    def __init__(
        self, message: str = "Someone else saved this while you were writing. Nothing was changed."
    ) -> None:
        super().__init__(message)


class Missing(Exception):
    """There is nothing here for this person: a page with status 404."""
