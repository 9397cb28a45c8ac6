"""Use cases of patients: register, find, contacts, consent, relations."""

from clinic.patients.services.consent import (
    lock_consents,
    narrow,
    opt_out,
    pause_number,
    record_consent,
    report_wrong,
    revoke,
)
from clinic.patients.services.contacts import (
    add_contact_point,
    add_support_person,
    end_contact_point,
    end_support_person,
)
from clinic.patients.services.identity import correct, find, likely_same, my_patients, register
from clinic.patients.services.importing import Alike, Import, Problem
from clinic.patients.services.keys import make_up_keys
from clinic.patients.services.relations import end_relations, relate

__all__ = [
    "Alike",
    "Import",
    "Problem",
    "add_contact_point",
    "add_support_person",
    "correct",
    "end_contact_point",
    "end_relations",
    "end_support_person",
    "find",
    "likely_same",
    "lock_consents",
    "make_up_keys",
    "my_patients",
    "narrow",
    "opt_out",
    "pause_number",
    "record_consent",
    "register",
    "relate",
    "report_wrong",
    "revoke",
]
