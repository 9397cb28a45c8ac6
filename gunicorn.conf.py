"""What gunicorn does unless told otherwise; it finds this file by itself."""

from clinic.core import settings, startup

given = settings.load()
bind = f"127.0.0.1:{given.port}"
worker_class = "gthread"
threads = 8
control_socket_disable = True


def on_starting(_: object) -> None:
    """Stop where no worker could work (R16): one that stops by itself is started again for ever."""
    startup.require_current(given.database_url)
