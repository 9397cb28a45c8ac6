@dataclass(frozen=True)
class Clinic:
    """Who runs this copy and whom to call, as the clinic has set it. Phone is E.164, or empty if not set."""

    name: str = "Clinic"
    phone: str = ""
    emergency: str = "911"
    crisis: str = "988"
    leave_to: str = "https://www.weather.gov/"


# The clinic's own facts for page frames; the first that answers is taken.
clinic: list[Callable[[], Clinic]] = []

# The line under the signed-in person's name, like "Therapist, Riverside".
viewer_facts: list[Callable[[], str]] = []
