"""One person's whole way through the clinic (README.md). It grows with the house."""

from collections.abc import Callable

from tests.walk.house import House
from tests.walk.people import PASSWORD, Person, sign_in

STAFF = {
    "coordinator": ("Priya Nair", "Intake coordinator", "+1 202-555-0111"),
    "therapist": ("Miriam Okafor", "Therapist", "+1 202-555-0112"),
    "supervisor": ("Jamie Frost", "Supervisor", "+1 202-555-0113"),
    "nurse": ("Ewa Kowalczyk", "Nurse", "+1 202-555-0114"),
    "prescriber": ("Samir Haddad", "Prescriber", "+1 202-555-0115"),
}


def open_the_clinic(house: House, admin: Person) -> None:
    """The first administrator makes everybody else, on pages."""
    house.flask(
        "users", "create", "--name", "Ada Moss", "--sign-in-name", "admin", "--password-stdin", typed=PASSWORD
    )
    sign_in(admin, "admin")
    for sign_in_name, (name, role, phone) in STAFF.items():
        admin.open("/administration/staff/new")
        admin.fill({"Name": name, "Sign-in name": sign_in_name, "Role": role, "Mobile phone": phone})
        admin.fill({"First password": PASSWORD})
        admin.click("Add staff")
        admin.sees(name)


def test_one_person_goes_the_whole_way(house: House, people: Callable[..., Person]) -> None:
    admin = people()
    open_the_clinic(house, admin)
