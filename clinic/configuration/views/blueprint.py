"""The blueprint to which every page of this room belongs."""

from flask import Blueprint

bp = Blueprint("configuration", __name__, template_folder="../templates")
