"""The administrator's pages of staff. No patient is named on any of them."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries, services
from clinic.accounts.forms import (
    FLAG_LABELS,
    DisableForm,
    NewPasswordForm,
    NewStaffForm,
    StaffEditForm,
    StaffForm,
)
from clinic.accounts.queries import StaffEntry
from clinic.accounts.registry import slots
from clinic.accounts.rules import End, Role
from clinic.accounts.views.blueprint import bp
from clinic.core import clock
from clinic.core.errors import Invalid, Missing, Refused, Stale
from clinic.web.filters import phone as in_words
from clinic.web.once import once
from clinic.web.policy import allow

FLAGS = {flag: label.partition(":")[0] for flag, label in FLAG_LABELS}
FIELDS = ("name", "sign_in_name", "role", "site_id", "phone", "flags")


def _with_sites(form: StaffForm) -> None:
    form.site_id.choices = [(str(site.id), site.name) for site in slots.sites()]


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
    _with_sites(form)
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


def _entry(user_id: UUID) -> StaffEntry:
    found = queries.entry(user_id)
    if found is None:
        raise Missing
    return found


def _values(entry: StaffEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "sign_in_name": entry.sign_in_name,
        "role": entry.role.value,
        "site_id": str(entry.site_id),
        "phone": entry.phone,
        "flags": list(entry.flags),
        "version": str(entry.version),
    }


@bp.route("/administration/staff/<uuid:user_id>", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def staff_edit(user_id: UUID) -> ResponseReturnValue:
    """Change name, role, site, phone and duties; of two who change at once the second sees both."""
    entry = _entry(user_id)
    form = StaffEditForm(data=_values(entry))
    _with_sites(form)
    for field in FIELDS:  # chosen on the page that shows both versions
        if request.form.get(f"keep-{field}") == "theirs":
            form[field].data = _values(entry)[field]
    status = 200
    if form.validate_on_submit():
        try:
            services.update_user(
                user_id,
                form.details(),
                version=form.read_version(),
                at=clock.now(),
                real=datetime.now(UTC),
            )
        except Stale:
            return _both(form, _entry(user_id)), 409
        except Invalid as error:
            form.add_error(error)
        except Refused as error:
            form.form_errors.append(error.message)
            status = 409
        else:
            flash(f"{form.name.data} was saved.", "success")
            return redirect(url_for("accounts.staff"), 303)
    sign_ins = queries.sessions(datetime.now(UTC), user_id)
    page = render_template("accounts/staff_edit.html", form=form, entry=entry, sign_ins=sign_ins)
    return page, 422 if form.errors and status == 200 else status


def _both(form: StaffEditForm, current: StaffEntry) -> str:
    theirs, rows = _values(current), []
    for name in FIELDS:
        if (form[name].data or None) != (theirs[name] or None):
            rows.append(
                (
                    form[name].label.text,
                    f"keep-{name}",
                    _words(form, name, form[name].data),
                    _words(form, name, theirs[name]),
                )
            )
    typed = [(name, text) for name in FIELDS for text in _texts(form[name].data)]
    return render_template(
        "accounts/staff_both.html",
        form=form,
        current=current,
        rows=rows,
        typed=typed,
        who=queries.names([current.changed_by]).get(current.changed_by, "") if current.changed_by else "",
    )


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value or "")]


def _words(form: StaffEditForm, name: str, value: object) -> str:
    """A field's value in words: labels for codes, a number as it is read."""
    if name == "phone" and value:
        return in_words(str(value))
    labels = dict(getattr(form[name], "choices", None) or ())
    return ", ".join(str(labels.get(text, text)) for text in _texts(value) if text) or "None"


@bp.route("/administration/staff/<uuid:user_id>/password", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def staff_password(user_id: UUID) -> ResponseReturnValue:
    """Give somebody a new password."""
    entry, form = _entry(user_id), NewPasswordForm()
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
    entry, form = _entry(user_id), DisableForm()
    if form.validate_on_submit():
        services.disable_user(user_id, reason=form.reason.data, at=clock.now(), real=datetime.now(UTC))
        flash(f"{entry.name} can no longer sign in.", "success")
        return redirect(url_for("accounts.staff"), 303)
    return render_template("accounts/staff_disable.html", form=form, entry=entry), 422 if form.errors else 200


@bp.post("/administration/staff/<uuid:user_id>/sign-ins/end")
@allow(Role.ADMINISTRATOR)
def staff_end_sessions(user_id: UUID) -> ResponseReturnValue:
    """End all of somebody's sign-ins."""
    entry = _entry(user_id)
    services.end_sessions(user_id, End.BY_ADMINISTRATOR, at=clock.now(), real=datetime.now(UTC))
    flash(f"{entry.name} was signed out everywhere.", "success")
    return redirect(url_for("accounts.staff_edit", user_id=user_id), 303)
