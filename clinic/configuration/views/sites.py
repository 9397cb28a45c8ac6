"""Where the clinic works: add a site, change it, go back."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from clinic.accounts.rules import Role
from clinic.configuration import queries, services
from clinic.configuration.forms import SiteChangeForm, SiteForm, UndoForm
from clinic.configuration.queries import SiteEntry
from clinic.configuration.views.blueprint import bp
from clinic.core import clock, settings
from clinic.core.errors import Invalid, Stale
from clinic.web.once import once
from clinic.web.policy import allow
from clinic.web.text import version_number


@bp.route("/administration/sites", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def sites() -> ResponseReturnValue:
    """All sites; add one."""
    form = SiteForm(data={"zone": settings.current().zone})
    if form.validate_on_submit():
        facts = form.facts()
        try:
            with once(form) as done:
                services.create_site(
                    facts.name, zone=facts.zone, phone=facts.phone, address=facts.address, at=clock.now()
                )
                done.location = url_for("configuration.sites")
        except Invalid as error:
            form.add_error(error)
        else:
            flash(f"{facts.name} was added.", "success")
            return redirect(done.location, 303)
    page = render_template("configuration/sites.html", form=form, sites=queries.sites())
    return page, 422 if form.errors else 200


@bp.route("/administration/sites/<uuid:site_id>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def site(site_id: UUID) -> ResponseReturnValue:
    """One site with every earlier version. Of two who change it the second sees both."""
    form, status = SiteChangeForm(data=_saved(_history(site_id)[0])), 200
    if form.validate_on_submit():
        version, reason = form.shown_version(), form.reason.data or ""
        try:
            with once(form) as done:
                services.change_site(site_id, form.facts(), version=version, reason=reason, at=clock.now())
                done.location = url_for("configuration.site", site_id=site_id)
        except Stale:
            status, last = 409, _history(site_id)[0]
            form.show_theirs(_saved(last), who=last.by or "A command", at=last.changed_at)
        except Invalid as error:
            form.add_error(error)
        else:
            flash(f"{form.name.data} was saved.", "success")
            return redirect(done.location, 303)
    history = _history(site_id)
    undo = UndoForm(MultiDict(), data={"read": str(history[0].version)})
    page = render_template("configuration/site.html", site_id=site_id, form=form, undo=undo, history=history)
    return page, 422 if form.errors else status


@bp.post("/administration/sites/<uuid:site_id>/undo")
@allow(Role.ADMINISTRATOR)
def site_undo(site_id: UUID) -> ResponseReturnValue:
    """Go back to an earlier version, by a further one."""
    form = UndoForm()
    here = url_for("configuration.site", site_id=_known(site_id))
    if form.validate_on_submit():
        former, read = version_number(request.form.get("version")), version_number(form.read.data)
        try:
            with once(form) as done:
                services.restore_site(site_id, former, version=read, at=clock.now())
                done.location = here
        except Invalid as error:
            flash(f"The site was not changed. {error.message}.", "danger")
        else:
            flash("The site is again as it was.", "success")
    return redirect(here, 303)


def _known(site_id: UUID) -> UUID:
    _history(site_id)
    return site_id


def _history(site_id: UUID) -> list[SiteEntry]:
    return queries.site_history(site_id) or abort(404)


def _saved(entry: SiteEntry) -> dict[str, object]:
    return {**vars(entry.facts), "version": str(entry.version)}
