"""The administrator's pages of staff. No patient is named on any of them."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries, services
from clinic.accounts.forms import (
    FLAG_LABELS,
    DisableForm,
    NewPasswordForm,
    NewStaffForm,
    StaffForm,
)
from clinic.accounts.queries import StaffEntry
from clinic.accounts.registry import slots
from clinic.accounts.rules import End, Role
from clinic.accounts.views.blueprint import bp
from clinic.core import clock
from clinic.core.errors import Invalid, Missing
from clinic.web.once import once, pressed
from clinic.web.policy import allow

FLAGS = {flag: label.partition(":")[0] for flag, label in FLAG_LABELS}


def offer_sites(form: StaffForm) -> None:
    """Let the form offer the clinic's sites."""
    form.site_id.choices = {str(site.id): site.name for site in slots.sites()}


@bp.get("/administration/staff")
@allow(Role.ADMINISTRATOR)
def staff() -> ResponseReturnValue:
    """Everybody who works here, and who did."""
    sites = {site.id: site.name for site in slots.sites()}
    return render_template("accounts/staff.html", entries=queries.entries(), sites=sites, flags=FLAGS)


@bp.route("/administration/staff/new", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def staff_new() -> ResponseReturnValue:
    """Add somebody; a password that was made is shown once, in the answer."""
    form = NewStaffForm()
    offer_sites(form)
    if form.validate_on_submit():
        made = None if form.password.data else services.first_password()
        try:
            with once(form) as done:
                services.create_user(
                    **vars(form.details()), password=form.password.data or made or "", at=clock.now()
                )
                done.location = url_for("accounts.staff")
        except Invalid as error:
            form.add_error(error)
        else:
            return _told(form.name.data or "", form.sign_in_name.data or "", made)
    return render_template("accounts/staff_new.html", form=form), 422 if form.errors else 200


def _told(name: str, sign_in_name: str, made: str | None) -> ResponseReturnValue:
    if made is None:
        flash(f"{name} can sign in as {sign_in_name}.", "success")
        return redirect(url_for("accounts.staff"), 303)
    return render_template("accounts/password_once.html", name=name, sign_in_name=sign_in_name, password=made)


def known(user_id: UUID) -> StaffEntry:
    """One member of staff. Raises Missing."""
    found = queries.entry(user_id)
    if found is None:
        raise Missing
    return found


@bp.route("/administration/staff/<uuid:user_id>/password", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def staff_password(user_id: UUID) -> ResponseReturnValue:
    """Give somebody a new password."""
    entry, form = known(user_id), NewPasswordForm()
    if form.validate_on_submit():
        made = None if form.password.data else services.first_password()
        try:
            with once(form) as done:
                services.reset_password(
                    user_id, form.password.data or made or "", at=clock.now(), real=datetime.now(UTC)
                )
                done.location = url_for("accounts.staff")
        except Invalid as error:
            form.add_error(error)
        else:
            return _told(entry.name, entry.sign_in_name, made)
    return render_template(
        "accounts/staff_password.html", form=form, entry=entry
    ), 422 if form.errors else 200


@bp.route("/administration/staff/<uuid:user_id>/disable", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def staff_disable(user_id: UUID) -> ResponseReturnValue:
    """End somebody's access now; what they own goes to the supervisor."""
    entry, form = known(user_id), DisableForm()
    if form.validate_on_submit():
        with once(form) as done:
            services.disable_user(user_id, reason=form.reason.data, at=clock.now(), real=datetime.now(UTC))
            done.location = url_for("accounts.staff")
        flash(f"{entry.name} can no longer sign in.", "success")
        return redirect(done.location, 303)
    return render_template("accounts/staff_disable.html", form=form, entry=entry), 422 if form.errors else 200


@bp.post("/administration/staff/<uuid:user_id>/sign-ins/end")
@allow(Role.ADMINISTRATOR)
def staff_end_sessions(user_id: UUID) -> ResponseReturnValue:
    """End all of somebody's sign-ins."""
    entry = known(user_id)

    def end() -> None:
        services.end_sessions(user_id, End.BY_ADMINISTRATOR, at=clock.now(), real=datetime.now(UTC))

    back = url_for("accounts.staff_edit", user_id=user_id)
    return pressed(end, back, f"{entry.name} was signed out everywhere.")
