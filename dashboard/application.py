"""The roof: puts settings, extensions and doors together into one application."""

from datetime import timedelta
from pathlib import Path

from flask import Flask

from dashboard import wiring
from dashboard.config import Config
from dashboard.extensions import babel
from dashboard.extensions import csrf
from dashboard.extensions import db
from dashboard.extensions import limiter
from dashboard.extensions import prepare_engine
from dashboard.http import logs
from dashboard.http import requests
from dashboard.http.locale import locale_of_request
from dashboard.http.locale import time_zone_of_request
from dashboard.lib import outgoing
from dashboard.lib.files import LARGEST_MESSAGE
from dashboard.lib.files import revision_of

HOME = Path(__file__).resolve().parent.parent
_PATIENCE_WITH_REDIS = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds


def create_app(config: Config | None = None) -> Flask:
    """The application, for the settings given or those of the environment.

    Raises:
        BadSetting: a variable of the environment cannot be used.
    """
    config = config or Config.from_environment()
    app = Flask(
        "dashboard",
        template_folder=str(HOME / "templates"),
        static_folder=str(HOME / "static"),
        static_url_path=f"/static/{revision_of(HOME / 'static')}",
    )
    app.config.from_mapping(_settings(config))
    app.url_map.strict_slashes = False
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=locale_of_request, timezone_selector=time_zone_of_request)
    requests.register(app)
    limiter.init_app(app)
    logs.register(app)
    outgoing.allow(config.outgoing_allow)
    wiring.wire(app)
    return app


def _settings(config: Config) -> dict[str, object]:
    return {
        "DESK": config,
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 20,  # one for each thread that the server has, and some for the shell
            "pool_pre_ping": not config.is_sqlite,  # a database server may have been restarted meanwhile
            "hide_parameters": True,  # an error in the log must not carry what people wrote
        },
        "SESSION_COOKIE_NAME": "deskframe",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.cookie_secure,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,  # http.requests does, once it knows whether a page asks
        "BABEL_TRANSLATION_DIRECTORIES": str(HOME / "dashboard" / "translations"),
        "RATELIMIT_STORAGE_URI": _limits_kept_in(config.redis_url),
        "RATELIMIT_STORAGE_OPTIONS": _PATIENCE_WITH_REDIS if config.redis_url else {},
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,  # each process counts alone while Redis is away
        "RATELIMIT_STRATEGY": "moving-window",  # no burst where one minute ends and the next begins
        "RATELIMIT_HEADERS_ENABLED": True,
        "MAX_CONTENT_LENGTH": LARGEST_MESSAGE,
    }


def _limits_kept_in(redis_url: str | None) -> str:
    """Where requests are counted, as the library spells it."""
    if redis_url is None:
        return "memory://"
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
