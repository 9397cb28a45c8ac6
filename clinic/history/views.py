"""A patient's history: what is known, and recording what was learned."""

from itertools import pairwise
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.accounts.rules import Role
from clinic.core.clock import now
from clinic.core.errors import Missing, Stale
from clinic.core.rules import local
from clinic.core.settings import current
from clinic.history import queries, services
from clinic.history.forms import FactForm, UseForm
from clinic.history.rules import CODE_LABELS, FactKind, band, hours_words
from clinic.patients.access import OpenRecord, opening
from clinic.patients.rules import Right
from clinic.patients.views.saving import saved_once
from clinic.web.amendments import Amendment, changed
from clinic.web.filters import day
from clinic.web.forms import Form
from clinic.web.policy import allow

bp = Blueprint(
    "history", __name__, template_folder="templates", url_prefix="/patients/<uuid:patient_id>/history"
)

CLINICAL = (Role.COORDINATOR, Role.NURSE, Role.THERAPIST, Role.PRESCRIBER, Role.SUPERVISOR)


@bp.get("")
@allow(*CLINICAL)
def overview(patient_id: UUID) -> ResponseReturnValue:
    """Substances with last use, and every fact that holds, with who learned it and when."""
    at = now()
    record = opening(patient_id, Right.CLINICAL, now=at)
    uses, facts = queries.uses(patient_id), queries.facts(patient_id)
    authors = [one.recorded_by for one in uses] + [
        fact.recorded_by for kind in facts.values() for fact in kind
    ]
    return _page(
        "overview",
        record,
        uses=uses,
        hours={use.substance: hours_words(use.last_use, at) for use in uses},
        band=band([use.last_use for use in uses], at),
        facts=facts,
        kinds=list(FactKind),
        codes=CODE_LABELS,
        staff=accounts.names(author for author in authors if author),
    )


@bp.route("/last-use", methods=["GET", "POST"])
@allow(*CLINICAL)
def use_new(patient_id: UUID) -> ResponseReturnValue:
    """When a substance was last used."""
    at = now()
    record, form = opening(patient_id, Right.CLINICAL, now=at), UseForm()

    def keep() -> None:
        services.record_use(patient_id, form.use(record.zone), source_kind="told", at=at)

    return saved_once(form, keep, _back(patient_id), "Last use is kept") or _form("use_new", record, form)


@bp.route("/<any(pregnancy, allergy, naloxone, seizure_history):kind>", methods=["GET", "POST"])
@bp.route(
    "/<any(pregnancy, allergy, naloxone, seizure_history):kind>/<uuid:replaces>",
    methods=["GET", "POST"],
    endpoint="fact_correct",
)
@allow(*CLINICAL)
def fact_new(patient_id: UUID, kind: str, replaces: UUID | None = None) -> ResponseReturnValue:
    """A fact of one kind, new or in place of one that was wrong."""
    at, of = now(), FactKind(kind)
    record = opening(patient_id, Right.CLINICAL, now=at)
    told = queries.versions(patient_id, of, replaces) if replaces else []
    if replaces and not told:
        raise Missing
    form = FactForm(data=_shown(told) if told else {"on": local(at, current().zone).date()})
    form.ask(of, correcting=bool(told))

    def keep() -> None:
        if form.shown_version() != len(told):
            raise Stale
        wrong, why = (told[-1].id, form.reason.data) if told else (None, None)
        services.record_fact(patient_id, form.fact(of), replaces=wrong, reason=why, at=at)

    status = 200
    try:
        if saved := saved_once(form, keep, _back(patient_id), f"{of.label}: kept"):
            return saved
    except Stale:
        told, status = queries.versions(patient_id, of, told[-1].id), 409
        last = told[-1]
        theirs = {**_shown(told), "reason": last.reason}
        form.show_theirs(theirs, who=_authors(told)[-1], at=last.recorded_at)
    page = _page("fact_new", record, form=form, kind=of, told=told, amendments=_amendments(told))
    return page, 422 if form.errors else status


def _shown(told: list[queries.Fact]) -> dict[str, object]:
    fact = told[-1]
    given = {name: getattr(fact, name) for name in ("code", "detail", "on", "expires_on")}
    return {**given, "version": len(told)}


def _authors(told: list[queries.Fact]) -> list[str]:
    """Who recorded each version; empty for a command."""
    names = accounts.names({fact.recorded_by for fact in told if fact.recorded_by})
    return [names[fact.recorded_by] if fact.recorded_by else "" for fact in told]


def _amendments(told: list[queries.Fact]) -> list[Amendment]:
    return [
        Amendment(
            after.recorded_at,
            who,
            after.reason or "",
            changed(
                [
                    ("Answer", CODE_LABELS[before.code], CODE_LABELS[after.code]),
                    ("What and how it shows", before.detail or "Empty", after.detail or "Empty"),
                    ("Learned on", day(before.on), day(after.on)),
                    ("Expires on", day(before.expires_on), day(after.expires_on)),
                ]
            ),
        )
        for (before, after), who in zip(pairwise(told), _authors(told)[1:], strict=True)
    ]


def _back(patient_id: UUID) -> str:
    return url_for("history.overview", patient_id=patient_id)


def _form(name: str, record: OpenRecord, form: Form, **more: object) -> ResponseReturnValue:
    return _page(name, record, form=form, **more), 422 if form.errors else 200


def _page(name: str, record: OpenRecord, **more: object) -> str:
    return render_template(f"history/{name}.html", record=record, tab="history.overview", **more)
