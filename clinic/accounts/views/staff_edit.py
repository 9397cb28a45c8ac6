"""Changing a member of staff; of two who change at once the second sees both versions."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts import queries, services
from clinic.accounts.forms import StaffEditForm
from clinic.accounts.queries import StaffEntry
from clinic.accounts.rules import Role
from clinic.accounts.views.blueprint import bp
from clinic.accounts.views.staff import known, offer_sites
from clinic.core import clock
from clinic.core.errors import Invalid, Refused, Stale
from clinic.web.forms import Form
from clinic.web.once import once
from clinic.web.policy import allow


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
    status = 200
    if form.validate_on_submit():
        try:
            with once(form) as done:
                services.update_user(
                    user_id,
                    form.details(),
                    version=form.shown_version(),
                    at=clock.now(),
                    real=datetime.now(UTC),
                )
                done.location = url_for("accounts.staff")
        except Stale:
            entry, status = known(user_id), 409
            form.show_theirs(_values(entry), who=_who(entry), at=entry.changed_at)
        except Invalid as error:
            form.add_error(error)
        except Refused as error:
            form.form_errors.append(error.message)
            status = 409
        else:
            flash(f"{form.name.data} was saved.", "success")
            return redirect(done.location, 303)
    sign_ins = queries.sessions(datetime.now(UTC), user_id)
    page = render_template(
        "accounts/staff_edit.html", form=form, button=Form(), entry=entry, sign_ins=sign_ins
    )
    return page, 422 if form.errors and status == 200 else status


def _who(entry: StaffEntry) -> str:
    """Who changed this last; a command has no name."""
    return queries.names([entry.changed_by]).get(entry.changed_by, "") if entry.changed_by else ""
