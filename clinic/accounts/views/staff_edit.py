"""Changing a member of staff; of two who change at once the second sees both versions."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries, services
from clinic.accounts.forms import StaffEditForm
from clinic.accounts.queries import StaffEntry
from clinic.accounts.rules import Role
from clinic.accounts.views.blueprint import bp
from clinic.accounts.views.staff import known, offer_sites
from clinic.core import clock
from clinic.core.errors import Invalid, Refused, Stale
from clinic.web.filters import phone as in_words
from clinic.web.policy import allow

FIELDS = ("name", "sign_in_name", "role", "site_id", "phone", "flags")


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
    entry = known(user_id)
    form = StaffEditForm(data=_values(entry))
    offer_sites(form)
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
            return _both(form, known(user_id)), 409
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
