"""Handing over: an offer, and its answer."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries as accounts
from clinic.accounts.rules import Role
from clinic.core import actor, clock
from clinic.core.errors import Missing, Refused, Stale
from clinic.episodes import queries, services
from clinic.episodes.forms import AnswerForm, OfferForm
from clinic.patients import access as patients
from clinic.patients.rules import Right
from clinic.web.once import once
from clinic.web.policy import allow

bp = Blueprint("episodes", __name__, template_folder="templates")
OWNERS = (Role.COORDINATOR, Role.THERAPIST, Role.SUPERVISOR, Role.PRESCRIBER, Role.NURSE, Role.PEER)
TAKERS = (Role.THERAPIST, Role.SUPERVISOR, Role.NURSE)


@bp.route("/patients/<uuid:patient_id>/hand-over", methods=["GET", "POST"])
@allow(*OWNERS)
def hand_over(patient_id: UUID) -> ResponseReturnValue:
    """Offer the episode; until it is accepted the giver keeps it."""
    now = clock.now()
    record = patients.opening(patient_id, Right.DEMOGRAPHICS, now=now)
    episode = queries.open_episode(patient_id, now=now)
    who = actor.get()
    if episode is None or not (episode.owner_id in who.stands_for or who.role == Role.SUPERVISOR):
        abort(404)
    offer = queries.offer_of(patient_id, now=now)
    form = OfferForm(data=_offered(episode.id, offer if request.method == "POST" else None))
    takers = [row for role in TAKERS for row in accounts.staff(role, episode.site_id)]
    form.to_id.choices = {"": "Choose a person"} | {
        str(row.id): f"{row.name}, {Role(row.role).label}" for row in takers if row.id != episode.owner_id
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with once(form) as done:
                    done.location = url_for("home.today")
                    services.offer(
                        patient_id,
                        UUID(form.to_id.data),
                        words=form.words.data,
                        version=form.shown_version(),
                        at=now,
                    )
                flash("Offered. You keep the episode until it is accepted.", "success")
                return redirect(done.location, 303)
            except Stale:
                offer, status = queries.offer_of(patient_id, now=now), 409
                form.show_theirs(_offered(episode.id, offer), at=offer.offered_at if offer else None)
            except Refused as refused:
                form.form_errors.append(refused.message)
                status = refused.status
    page = render_template(
        "episodes/hand_over.html",
        record=record,
        episode=episode,
        offer=offer,
        form=form,
    )
    return page, status


def _offered(episode_id: UUID, offer: queries.Offer | None) -> dict[str, object]:
    open_one = {"to_id": str(offer.to_id), "words": offer.words} if offer else {}
    return {**open_one, "version": queries.offers_made(episode_id)}


@bp.post("/hand-over/<uuid:offer_id>/<any(accept,decline):answer>")
@allow(*TAKERS, Role.PRESCRIBER, Role.PEER)
def answer(offer_id: UUID, answer: str) -> ResponseReturnValue:
    """Take the episode, or leave it with the giver."""
    form = AnswerForm()
    if not form.validate():
        abort(400)
    try:
        with once(form) as done:
            done.location = url_for("home.today")
            patient_id = services.answer_offer(offer_id, accepted=answer == "accept", at=clock.now())
            if answer == "accept":
                done.location = url_for("chart.overview", patient_id=patient_id)
    except Missing:
        abort(404)
    flash("The episode is yours now." if answer == "accept" else "Declined. The giver keeps it.", "success")
    return redirect(done.location, 303)
