"""Steps 1 to 5: from the public page to a therapist who owns the episode."""

from datetime import date

from tests.walk.people import Person

PHONE = "+1 202-555-0143"
DIGITS = "12025550143"
SAFETY_YES = (
    "Awake and answering",
    "A safe place to stay",
    "A sober person who supports",
    "Wants medication",
)
SAFETY_NO = (
    "Chest pain", "Seizure now", "Vomiting or dried out", "Unstable illness", "Thoughts of suicide",
    "A plan, intent or means", "A suicide attempt", "Voices or confusion", "Intent to harm others",
    "Alcohol every day", "Benzodiazepines every day", "Seizure or delirium", "Pregnant",
    "An outpatient start", "Overdose in the last 12 months", "Left jail", "Wants naltrexone",
)  # fmt: skip


def ask_for_help(relative: Person) -> None:
    """1. A relative asks; help for now stands first; nothing is confirmed."""
    relative.open("/help")
    assert relative.page.get_by_role("main").inner_text().index("988") < 500
    relative.choose("Who needs help", "Someone close to me")
    relative.fill({"Your name": "Maria Whitfield", "Their name": "Owen Whitfield", "Phone number": PHONE})
    relative.choose("Is it safe to text you", "Yes")
    relative.choose("Is it safe to leave a voicemail", "No, or not sure")
    relative.page.get_by_label("Very sick from withdrawal now").check()
    relative.fill({"What should we know": "He is shaking and cannot sleep."})
    relative.click("Send")
    assert "Owen" not in relative.page.locator("body").inner_text()


def register(coordinator: Person) -> None:
    """2. The referral is called, registered, and agrees to texts."""
    coordinator.open("/intake")
    coordinator.sees("Urgent")
    coordinator.click("Owen Whitfield", exact=False)
    coordinator.choose("How it went", "Reached and talked")
    coordinator.fill({"What was said": "Wants to come in today."})
    coordinator.click("Record call")
    coordinator.click("Register the person")
    coordinator.fill({"Given name": "Owen", "Family name": "Whitfield", "Pronouns": "he/him"})
    coordinator.fill({"Date of birth": "1992-05-03", "Phone number": PHONE})
    coordinator.choose("Sex", "Male")
    coordinator.click("Register")
    coordinator.sees("The person is registered")


def agree_to_texts(coordinator: Person) -> None:
    """2. Consent with number, words shown, kinds, safe hours, and who took it."""
    coordinator.click("Contacts and consent")
    coordinator.click("Record agreement to texts")
    for kind in ("Reminders of appointments", "Check-ins after leaving"):
        coordinator.page.get_by_label(kind).check()
    coordinator.page.get_by_label("Messages may use the first name").check()
    coordinator.choose("How the person agreed", "In person")
    coordinator.click("Record agreement")
    coordinator.sees("Safe hours")
    coordinator.click("Assessment")


def assess(coordinator: Person, day: date) -> None:
    """3. Section by section, then signed."""
    coordinator.click("Safety and circumstances")
    for question in SAFETY_YES:
        coordinator.choose(question, "Yes")
    for question in SAFETY_NO:
        coordinator.choose(question, "No")
    coordinator.choose("Preferred track", "Outpatient")
    coordinator.choose("How heavy psychiatric symptoms are", "Mild")
    coordinator.click("Save and leave")

    coordinator.click("Substances and last use", exact=False)
    coordinator.fill({"Substance": "Heroin", "How taken": "Smoked", "Last use": "About this time"})
    coordinator.fill({"Date": day.isoformat(), "Time": "01:30"})
    coordinator.click("Save and leave")

    coordinator.click("COWS", exact=False)
    _answer_all(coordinator, 1)
    coordinator.click("Complete COWS")
    coordinator.click("PHQ-9", exact=False)
    _answer_all(coordinator, 0)
    coordinator.click("Complete PHQ-9")
    coordinator.open(f"{coordinator.record()}/assessment")
    coordinator.click("Sign assessment")


def _answer_all(person: Person, position: int) -> None:
    """Choose the answer at this place of every item."""
    items = person.page.locator("fieldset.scored-item")
    for number in range(items.count()):
        items.nth(number).get_by_role("radio").nth(position).check()


def place(coordinator: Person) -> None:
    """4. The rules say why; the coordinator accepts."""
    coordinator.click("Level of care", exact=False)
    coordinator.sees("Rows that fired")
    coordinator.choose("What to do with the proposal", "Accept the proposal")
    coordinator.click("Record decision")
    coordinator.sees("As the rules propose", within=10)


def admit(coordinator: Person, tomorrow: date) -> None:
    """5. An open episode with a next dated contact, offered to the therapist."""
    coordinator.click("Admit")
    coordinator.fill({"Date of next contact": tomorrow.isoformat(), "Time of next contact": "10:00"})
    coordinator.choose("Kind of contact", "Visit")
    coordinator.choose("Naloxone", "Declined")
    coordinator.fill({"Offer to": "Miriam Okafor"})
    coordinator.click("Admit")
    coordinator.sees("Admitted")


def accept(therapist: Person) -> None:
    """5. Until now the coordinator kept it."""
    therapist.open("/")
    therapist.sees("Offered to you")
    therapist.click("Accept", exact=False)
    therapist.sees("The episode is yours now")
