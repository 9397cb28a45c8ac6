"""The blueprint of the intake room, and who works in it."""

from flask import Blueprint

from clinic.accounts.rules import Role

bp = Blueprint(
    "intake",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path="/intake/static",
)

REFERRALS = (Role.COORDINATOR, Role.SUPERVISOR)
ASSESSORS = (Role.COORDINATOR, Role.NURSE, Role.PRESCRIBER, Role.SUPERVISOR)
DECIDERS = (Role.COORDINATOR, Role.PRESCRIBER, Role.SUPERVISOR)
COUNTERSIGNERS = (Role.PRESCRIBER, Role.SUPERVISOR, Role.THERAPIST)
READERS = (*ASSESSORS, Role.THERAPIST)
