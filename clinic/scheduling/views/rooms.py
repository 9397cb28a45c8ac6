"""The rooms of a site."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.accounts.rules import Role
from clinic.core import clock
from clinic.core.errors import Invalid
from clinic.scheduling import queries, services
from clinic.scheduling.forms import RoomForm
from clinic.scheduling.views.blueprint import bp, user
from clinic.web.once import once
from clinic.web.policy import allow


@bp.route("/administration/rooms", methods=["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def rooms() -> ResponseReturnValue:
    """All rooms, and a further one."""
    _, site_id = user()
    form = RoomForm()
    if request.method == "POST" and form.validate():
        try:
            with once(form) as done:
                assert form.capacity.data is not None
                services.add_room(site_id, form.name.data or "", form.capacity.data, at=clock.now())
                done.location = url_for(".rooms")
            flash("Room added.", "success")
            return redirect(done.location, 303)
        except Invalid as error:
            form.add_error(error)
    page = render_template("scheduling/rooms.html", form=form, rooms=queries.rooms(site_id))
    return page, 422 if form.errors else 200
