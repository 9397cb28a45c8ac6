"""How each route is walked: which record fills its address. A route that stands not here fails the sweep."""

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.accounts.rules import Role


@dataclass(frozen=True)
class Case:
    """`fill` names the record of each argument, or a word of the address after "=".

    `nested`: arguments that must belong to the others. `button`: an empty form is a whole one and acts.
    `closed`: roles that find nothing even on their own record.
    """

    fill: Mapping[str, str]
    nested: tuple[str, ...] = ()
    button: bool = False
    closed: tuple[Role, ...] = ()


def _case(
    *, nested: tuple[str, ...] = (), button: bool = False, closed: tuple[Role, ...] = (), **fill: str
) -> Case:
    return Case(fill, nested, button, closed)


def _file(name: str) -> Case:
    return _case(filename=f"={name}")


_PATIENT, _LEAVER = _case(patient_id="patient"), _case(patient_id="leaver")
_NEWCOMER, _PLACED = _case(patient_id="newcomer"), _case(patient_id="placed")
_PLAIN, _REFERRAL, _USER = _case(), _case(referral_id="referral"), _case(user_id="user")
_CONSENT = _case(patient_id="patient", consent_id="consent", nested=("consent_id",))
_DISCLOSURE = _case(patient_id="patient", disclosure_id="disclosure", nested=("disclosure_id",))
_SESSION, _GROUP = _case(session_id="session"), _case(series_id="series")

CASES: Mapping[str, Case] = {
    "accounts.end_session": _case(session_id="sign_in", button=True),
    "accounts.hours": _PLAIN,
    "accounts.hours_edit": _case(user_id="user", button=True),  # no hours at all is a week too
    "accounts.hours_undo": _USER,
    "accounts.kept": _case(kept_id="kept"),
    "accounts.leave_cancel": _case(leave_id="leave", button=True),
    "accounts.leave_plan_again": _case(leave_id="leave", button=True),
    "accounts.leave_new": _USER,
    "accounts.password": _PLAIN,
    "accounts.roster": _PLAIN,
    "accounts.sessions": _PLAIN,
    "accounts.shift_cancel": _case(shift_id="shift", button=True),
    "accounts.shift_put_back": _case(shift_id="shift", button=True),
    "accounts.sign_in": _PLAIN,
    "accounts.sign_out": _case(button=True),
    "accounts.staff": _PLAIN,
    "accounts.staff_disable": _USER,
    "accounts.staff_edit": _USER,
    "accounts.staff_end_sessions": _case(user_id="user", button=True),
    "accounts.staff_new": _PLAIN,
    "accounts.staff_password": _case(user_id="user", button=True),
    "aftercare.card": _LEAVER,
    "aftercare.discharge": _PATIENT,
    "aftercare.letter": _LEAVER,
    "aftercare.overview": _PLAIN,
    "aftercare.plan": _LEAVER,
    "aftercare.resume": _case(patient_id="leaver", button=True),
    "aftercare.review": _LEAVER,
    "aftercare.revise": _LEAVER,
    "aftercare.static": _file("aftercare.css"),
    "aftercare.times": _LEAVER,
    "aftercare.versions": _LEAVER,
    "bootstrap.static": _file("css/bootstrap.min.css"),
    "cases.move": _PATIENT,
    "cases.note": _case(patient_id="patient", note_id="note", nested=("note_id",)),
    "cases.note_new": _PATIENT,
    "cases.notes": _PATIENT,
    "chart.overview": _PATIENT,
    "chart.static": _file("chart.css"),
    "check_in.done": _case(wish="=stop_all"),
    "check_in.link": _case(token="=0000000000000000000000"),
    "check_in.need_help": _PLAIN,
    "check_in.questions": _PLAIN,
    "check_in.stop_messages": _PLAIN,
    "configuration.fact": _case(fact_id="=C8.4"),
    "configuration.setting": _case(key="=clinic_name"),
    "configuration.settings": _PLAIN,
    "configuration.site": _case(site_id="site"),
    "configuration.site_undo": _case(site_id="site"),
    "configuration.sites": _PLAIN,
    "configuration.undo": _case(key="=clinic_name"),
    "consents.accounting": _PATIENT,
    "consents.consent": _CONSENT,
    "consents.disclose": _CONSENT,
    "consents.disclosure": _DISCLOSURE,
    "consents.edit": _case(patient_id="patient", consent_id="draft", nested=("consent_id",), button=True),
    "consents.end": _CONSENT,
    "consents.new": _case(patient_id="patient", kind="=specific", button=True),  # a draft may lack anything
    "consents.overview": _PATIENT,
    "consents.paper": _CONSENT,
    "consents.sign": _case(patient_id="patient", consent_id="unsigned", nested=("consent_id",)),
    "consents.static": _file("consents.css"),
    "consents.table": _DISCLOSURE,
    "downtime.sheet": _PLAIN,
    "downtime.static": _file("downtime.css"),
    "episodes.answer": _case(offer_id="offer", answer="=accept", button=True),
    "episodes.hand_over": _PATIENT,
    "history.fact_correct": _case(
        patient_id="patient", kind="=allergy", replaces="fact", nested=("replaces",)
    ),
    "history.fact_new": _case(patient_id="patient", kind="=pregnancy"),
    "history.overview": _PATIENT,
    "history.use_new": _PATIENT,
    "home.today": _PLAIN,
    "instruments.amend": _case(
        patient_id="patient", administration_id="administration", nested=("administration_id",)
    ),
    "instruments.fill": _case(patient_id="patient", instrument_id="=phq9"),
    "instruments.overview": _PATIENT,
    "instruments.result": _case(
        patient_id="patient", administration_id="administration", nested=("administration_id",)
    ),
    "instruments.running_score": _case(instrument_id="=phq9"),
    "instruments.save": _case(patient_id="patient", instrument_id="=phq9"),
    "instruments.sign": _case(
        patient_id="patient", administration_id="administration", nested=("administration_id",), button=True
    ),
    "instruments.static": _file("instruments.js"),
    "intake.admit": _PLACED,
    "intake.amend": _PLACED,
    "intake.ask": _PLAIN,
    "intake.assessment": _NEWCOMER,
    "intake.begin": _case(patient_id="newcomer", button=True),
    "intake.call": _REFERRAL,
    "intake.close": _REFERRAL,
    "intake.countersign": _case(subject_id="decision", button=True, closed=(Role.THERAPIST,)),
    "intake.decide": _PLACED,
    "intake.neutral_words": _REFERRAL,
    "intake.not_taken": _NEWCOMER,
    "intake.placement": _PLACED,
    "intake.referral": _REFERRAL,
    "intake.referral_new": _PLAIN,
    "intake.referrals": _PLAIN,
    "intake.register": _REFERRAL,
    "intake.save": _case(patient_id="newcomer", section="=safety"),
    "intake.section": _case(patient_id="newcomer", section="=substances"),
    "intake.sign": _case(patient_id="newcomer", button=True),
    "intake.static": _file("intake.css"),
    "intake.thanks": _PLAIN,
    "messaging.acknowledge": _case(item_id="item", button=True),
    "messaging.engine": _PLAIN,
    "messaging.inbound_texts": _PLAIN,
    "messaging.pages": _PLAIN,
    "messaging.status_came": _case(message_id="patient"),
    "messaging.text_came": _PLAIN,
    "messaging.unsubscribe": _case(message_id="patient", token="=0000000000000000000000"),
    "messaging.unsubscribe_page": _case(message_id="patient", token="=0000000000000000000000"),
    "messaging.templates": _PLAIN,
    "messaging.words": _case(channel="=sms", template="=help", language="=en"),
    "messaging.words_undo": _case(channel="=sms", template="=help", language="=en"),
    "patients.consent": _PATIENT,
    "patients.contacts": _PATIENT,
    "patients.details": _PATIENT,
    "patients.email_consent": _PATIENT,
    "patients.email_new": _PATIENT,
    "patients.email_stop": _PATIENT,
    "patients.mine": _PLAIN,
    "patients.phone_end": _case(patient_id="patient", point_id="point", nested=("point_id",), button=True),
    "patients.phone_new": _PATIENT,
    "patients.search": _PLAIN,
    "patients.stop": _PATIENT,
    "patients.supporter_end": _case(
        patient_id="patient", person_id="person", nested=("person_id",), button=True
    ),
    "patients.supporter_new": _PATIENT,
    "safety.copy_given": _case(patient_id="patient", plan_id="safety_plan", nested=("plan_id",), button=True),
    "safety.paper": _PATIENT,
    "safety.plan": _PATIENT,
    "safety.static": _file("safety.css"),
    "safety.write": _PATIENT,
    "scheduling.amend": _case(session_id="held", patient_id="patient", nested=("session_id", "patient_id")),
    "scheduling.appointments": _PATIENT,
    "scheduling.cancel": _SESSION,
    "scheduling.group": _GROUP,
    "scheduling.group_new": _PLAIN,
    "scheduling.groups": _PLAIN,
    "scheduling.leave": _case(series_id="series", patient_id="patient", nested=("series_id",), button=True),
    "scheduling.move": _SESSION,
    "scheduling.new": _PLAIN,
    "scheduling.new_for": _PATIENT,
    "scheduling.rooms": _PLAIN,
    "scheduling.session": _SESSION,
    "scheduling.sign": _SESSION,
    "scheduling.week": _PLAIN,
    "web.about": _PLAIN,
    "web.bootstrap_static": _PLAIN,
    "web.healthz": _PLAIN,
    "web.keys": _PLAIN,
    "web.readyz": _PLAIN,
    "web.static": _file("clinic.css"),
    "worklist.item": _case(item_id="item"),
    "worklist.record": _case(item_id="item"),
}
