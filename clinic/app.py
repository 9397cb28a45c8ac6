"""The composition root: the only place that knows every room."""

import os
from collections.abc import Mapping
from typing import Any

from celery import Celery, Task
from celery.signals import import_modules, worker_init, worker_process_init
from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from clinic.accounts import cli as accounts_cli
from clinic.accounts import handlers as accounts_handlers
from clinic.accounts import registry as accounts_registry
from clinic.accounts import services as accounts
from clinic.accounts import tasks as _accounts_tasks  # noqa: F401  # registers its periodic jobs
from clinic.accounts import views as accounts_views
from clinic.aftercare import cli as _aftercare_cli  # noqa: F401  # adds the ledger to `flask messages`
from clinic.aftercare import handlers as aftercare_handlers
from clinic.aftercare import tasks as _aftercare_tasks  # noqa: F401  # registers its periodic jobs
from clinic.aftercare.services import ladder as aftercare_ladder
from clinic.aftercare.services import plans as aftercare_plans
from clinic.aftercare.views import patient as check_in_views
from clinic.aftercare.views import silence as _silence_views  # noqa: F401  # adds its pages to aftercare's
from clinic.aftercare.views import staff as aftercare_views
from clinic.aftercare.views import wishes as _wish_views  # noqa: F401  # adds its pages to the patient's
from clinic.audit import cli as audit_cli
from clinic.cases import handlers as cases_handlers
from clinic.cases import views as cases_views
from clinic.chart import handlers as chart_handlers
from clinic.chart import views as chart_views
from clinic.configuration import cli as configuration_cli
from clinic.configuration import handlers as configuration_handlers
from clinic.configuration import registry as configuration_registry
from clinic.configuration import services as configuring
from clinic.configuration import views as configuration_views
from clinic.consents import handlers as consents_handlers
from clinic.consents import registry as consents_registry
from clinic.consents import views as consents_views
from clinic.consents.services import ending as consents_ending
from clinic.core import actor, logs, periodic, settings, startup
from clinic.core import tasks as core_tasks
from clinic.core.db import db
from clinic.demo.cli import clock as clock_cli
from clinic.demo.cli import demo as demo_cli
from clinic.downtime import cli as downtime_cli
from clinic.downtime import tasks as _downtime_tasks  # noqa: F401  # registers its periodic jobs
from clinic.downtime import views as downtime_views
from clinic.episodes import handlers as episodes_handlers
from clinic.episodes import queries as episodes_queries
from clinic.episodes import registry as episodes_registry
from clinic.episodes import services as episodes
from clinic.episodes import views as episodes_views
from clinic.history import handlers as history_handlers
from clinic.history import views as history_views
from clinic.home import handlers as home_handlers
from clinic.home import views as home_views
from clinic.instruments import cli as instruments_cli
from clinic.instruments import handlers as instruments_handlers
from clinic.instruments import registry as instruments_registry
from clinic.instruments import views as instruments_views
from clinic.intake import cli as intake_cli
from clinic.intake import handlers as intake_handlers
from clinic.intake import views as intake_views
from clinic.messaging import cli as messaging_cli
from clinic.messaging import handlers as messaging_handlers
from clinic.messaging import registry as messaging_registry
from clinic.messaging import services as messaging
from clinic.messaging import tasks as _messaging_tasks  # noqa: F401  # registers its periodic jobs
from clinic.messaging import views as messaging_views
from clinic.patients import cli as patients_cli
from clinic.patients import handlers as patients_handlers
from clinic.patients import registry as patients_registry
from clinic.patients import tasks as _patients_tasks  # noqa: F401  # registers its periodic jobs
from clinic.patients import views as patients_views
from clinic.safety import handlers as safety_handlers
from clinic.safety import views as safety_views
from clinic.scheduling import handlers as scheduling_handlers
from clinic.scheduling import tasks as _scheduling_tasks  # noqa: F401  # registers its periodic jobs
from clinic.scheduling import views as scheduling_views
from clinic.scheduling.services import zones as scheduling_zones
from clinic.web import drafts, kept, navigation, policy, shell
from clinic.web import registry as web_registry
from clinic.worklist import handlers as worklist_handlers
from clinic.worklist import registry as worklist_registry
from clinic.worklist import views as worklist_views

BLUEPRINTS: list[Any] = [
    accounts_views.bp,
    aftercare_views.bp,
    check_in_views.bp,
    cases_views.bp,
    chart_views.bp,
    configuration_views.bp,
    consents_views.bp,
    downtime_views.bp,
    episodes_views.bp,
    history_views.bp,
    home_views.bp,
    instruments_views.bp,
    intake_views.bp,
    messaging_views.bp,
    patients_views.bp,
    safety_views.bp,
    scheduling_views.bp,
    worklist_views.bp,
]


def create_app(env: Mapping[str, str] | None = None) -> Flask:
    """The whole clinic on one database. `env` stands for the environment; tests pass their own."""
    given = settings.load() if env is None else settings.read(env)
    logs.configure()
    app = Flask(
        "clinic",
        static_folder=None,
        static_url_path="/static",  # Bootstrap-Flask builds its own address on it
        template_folder=None,
        root_path=os.path.dirname(__file__),
    )
    _configure(app, given)
    if hops := _settings(app).trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    Migrate(app, db, directory="migrations", render_as_batch=True)
    Bootstrap5(app)
    logs.init_app(app)
    # Before the form tokens: what came too late is kept for whoever is signed in.
    accounts_handlers.init_app(app)
    csrf = CSRFProtect(app)
    audit_cli.init_app(app)
    shell.init_app(app)
    instruments_cli.init_app(app)
    accounts_cli.init_app(app)
    configuration_cli.init_app(app)
    messaging_cli.init_app(app)
    patients_cli.init_app(app)
    intake_cli.init_app(app)
    downtime_cli.init_app(app)
    app.cli.add_command(clock_cli.group)
    app.cli.add_command(demo_cli.group)
    policy.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for view in app.view_functions.values():
        if getattr(view, "policy", None) == policy.MACHINE:
            csrf.exempt(f"{view.__module__}.{view.__name__}")
    _fill_registries()
    policy.require_declared(app)
    return app


def _configure(app: Flask, given: settings.Settings) -> None:
    app.extensions["clinic.settings"] = given
    url = make_url(given.database_url)
    if url.drivername == "sqlite" and url.database and not os.path.isabs(url.database):
        url = url.set(database=os.path.abspath(url.database))
    server = url.drivername != "sqlite"
    app.config.update(
        SECRET_KEY=given.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(given.secret_keys[1:]),
        SQLALCHEMY_DATABASE_URI=url.render_as_string(hide_password=False),
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,  # they would stand in the text of an error
            "pool_pre_ping": server,
            "connect_args": {"connect_timeout": startup.PATIENCE} if server else {},
        },
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=2_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1_000,
        WTF_CSRF_TIME_LIMIT=None,  # the sign-in session ends it
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=given.https,
        SESSION_COOKIE_NAME="__Host-form" if given.https else "form",
        TEMPLATES_AUTO_RELOAD=False,
    )


def _fill_registries() -> None:
    """Tell lower rooms whom to ask above them; they never learn the names."""
    _fill_shell()
    _fill_record()
    _fill_work()
    accounts_registry.slots.sites = configuration_handlers.sites
    accounts_registry.slots.first_site = configuring.first_site
    accounts_registry.slots.clinic_name = configuration_handlers.clinic_name
    configuration_registry.rezoned[:] = [accounts.rezone, scheduling_zones.rezone]
    accounts_registry.owned[:] = [episodes_queries.owned]
    accounts_registry.on_disable[:] = [episodes.give_all_of]
    instruments_registry.flagged[:] = [intake_handlers.thoughts_of_suicide, safety_handlers.flagged]
    episodes_registry.moved[:] = [safety_handlers.moved]
    episodes_registry.closed[:] = [aftercare_plans.end, consents_ending.treatment_ended]
    episodes_registry.contacted[:] = [aftercare_ladder.contacted]
    messaging_registry.call_by[:] = [aftercare_handlers.call_by]
    for room in (messaging_handlers, aftercare_handlers, scheduling_handlers):
        messaging_registry.sources.update(room.SOURCES)
    messaging_registry.inbound_handlers[:] = [
        *messaging_handlers.FIRST_HANDLERS,
        aftercare_handlers.digits,  # the open check-in, then a session
        scheduling_handlers.digits,
        *messaging_handlers.LAST_HANDLERS,
    ]


def _fill_shell() -> None:
    """What the frame of every page shows."""
    web_registry.clinic[:] = [configuration_handlers.frame]
    web_registry.viewer_facts[:] = [configuration_handlers.viewer_facts]
    web_registry.refusals[:] = [accounts_handlers.refused]
    kept.sources[:] = [accounts_handlers.typed_before]
    drafts.stores[:] = [accounts_handlers.Drafts()]
    navigation.places[:] = [
        *home_handlers.PLACES,
        *intake_handlers.PLACES,
        *patients_handlers.PLACES,
        *scheduling_handlers.PLACES,
        *aftercare_handlers.PLACES,
        *accounts_handlers.PLACES,
    ]


def _fill_record() -> None:
    """Banner, tabs and list columns of a patient's record."""
    patients_registry.banner_parts[:] = [
        *episodes_handlers.BANNER,
        *worklist_handlers.BANNER,
        *safety_handlers.BANNER,
        *patients_handlers.BANNER,
        *history_handlers.BANNER,
    ]
    patients_registry.list_columns[:] = [
        *episodes_handlers.LIST_COLUMNS,
        *worklist_handlers.LIST_COLUMNS,
        *safety_handlers.LIST_COLUMNS,
    ]
    patients_registry.tabs[:] = [
        *chart_handlers.TABS,
        *patients_handlers.TABS,
        *instruments_handlers.TABS,
        *scheduling_handlers.TABS,
        *intake_handlers.TABS,
        *history_handlers.TABS,
        *cases_handlers.TABS,
        *aftercare_handlers.TABS,
    ]
    for room in (consents_handlers, episodes_handlers, scheduling_handlers):
        consents_registry.parts.update(room.PARTS)


def _fill_work() -> None:
    """Kinds of work, whom an acute item pages, and who is told of an outcome."""
    worklist_registry.pagers[:] = [messaging.page]
    worklist_registry.outcomes[:] = [
        messaging_handlers.work_answered,
        aftercare_handlers.reached,  # before the contact is told, which would end the item in hand too
        episodes_handlers.contact_recorded,
    ]
    worklist_registry.beside[:] = [safety_handlers.beside]
    for room in (
        messaging_handlers,
        safety_handlers,
        intake_handlers,
        aftercare_handlers,
        scheduling_handlers,
    ):
        worklist_registry.kinds.update(room.KINDS)


def create_celery() -> "Celery[Any]":
    """The worker's application: beat rings every periodic job, workers pull what is due (reliability 9)."""
    app = create_app()

    class InApp(Task):  # type: ignore[type-arg]
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context(), actor.acting(actor.Actor(actor.ActorKind.TASK, name=self.name)):
                return super().__call__(*args, **kwargs)

    ring = _settings(app).settle.ring
    celery: Celery[Any] = Celery("clinic", broker=_settings(app).redis_url, task_cls=InApp)
    celery.conf.update(
        task_acks_late=False,
        task_reject_on_worker_lost=False,
        worker_prefetch_multiplier=1,
        task_soft_time_limit=50,
        task_time_limit=60,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": 300,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
        },
        task_serializer="json",
        accept_content=["json"],
        enable_utc=True,
        task_ignore_result=True,
        worker_hijack_root_logger=False,
        worker_max_tasks_per_child=1000,
        worker_soft_shutdown_timeout=15,
        beat_schedule_filename=str(_settings(app).state_folder / "celerybeat-schedule"),
        beat_schedule={
            job.name: {
                "task": core_tasks.ring.name,
                "schedule": job.interval(ring),
                "args": (job.name,),
                "options": {"expires": job.interval(ring)},
            }
            for job in periodic.jobs.values()
        },
    )
    celery.set_default()
    _look_after_workers(app)
    return celery


def _look_after_workers(app: Flask) -> None:
    @import_modules.connect(weak=False)
    def have_a_folder(**_: Any) -> None:
        """Beat keeps there when it last rang; the first thing that worker and beat do."""
        startup.require_folder(_settings(app).state_folder)

    @worker_init.connect(weak=False)
    def know_the_tables(**_: Any) -> None:
        """A worker refuses a schema that it does not know (R16)."""
        startup.require_current(_settings(app).database_url)

    @worker_process_init.connect(weak=False)
    def begin_anew(**_: Any) -> None:
        """A forked child must not share the parent's database connections."""
        with app.app_context():
            db.engine.dispose(close=False)


def _settings(app: Flask) -> settings.Settings:
    given: settings.Settings = app.extensions["clinic.settings"]
    return given
