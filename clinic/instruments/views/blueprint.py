"""The pages of the scales, and who may open them."""

from flask import Blueprint

from clinic.accounts.rules import Role

bp = Blueprint(
    "instruments",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/instruments/static",
)
STAFF = (Role.COORDINATOR, Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR)
