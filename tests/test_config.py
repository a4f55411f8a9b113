"""Settings are checked once, and a mistake is told in one sentence that names the variable."""

import os
import re
import subprocess
import sys
from ipaddress import ip_network
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from dashboard.config import CHECKOUT
from dashboard.config import SETTINGS
from dashboard.config import BadSetting
from dashboard.config import Config

DOCS = CHECKOUT / "docs"


@pytest.fixture
def configure(tmp_path):
    def read(**environ):
        return Config.from_environment({"DATA_DIR": str(tmp_path / "data"), **environ})

    return read


def test_without_any_setting_it_is_a_desk_for_this_machine(configure, tmp_path):
    config = configure()

    assert (config.host, config.port) == ("127.0.0.1", 5000)
    assert config.database_url == f"sqlite:///{tmp_path}/data/desk.db"
    assert config.local_url == "http://127.0.0.1:5000"
    assert config.is_local
    assert not config.asks_setup_code
    assert not config.cookie_secure


def test_an_empty_variable_counts_as_none(configure):
    assert configure(PORT="", PUBLIC_URL=" ").port == 5000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOST", "my desk"),
        ("HOST", "http://desk"),
        ("PORT", "http"),
        ("PORT", "-1"),
        ("PORT", "65535"),  # the example app needs the port after it
        ("PORT", "５０００"),
        ("DATABASE_URL", "desk.db"),
        ("DATABASE_URL", "mysql://localhost/desk"),
        ("DATABASE_URL", "sqlite:///desk.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_URL", "postgresql://localhost:x/desk"),
        ("REDIS_URL", "localhost:6379"),
        ("SECRET_KEY", "x" * 31),
        ("PUBLIC_URL", "desk.example.com"),
        ("PUBLIC_URL", "ftp://desk.example.com"),
        ("PUBLIC_URL", "https://desk.example.com/desk"),
        ("PUBLIC_URL", "https://desk.example.com/?"),
        ("PUBLIC_URL", "https://user@desk.example.com"),
        ("PUBLIC_URL", "https://desk.example.com:99999"),
        ("PUBLIC_URL", "https://desk example.com"),
        ("PUBLIC_URL", "https://"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "proxy.example.com"),
        ("OUTGOING_ALLOW", "10.0.0.0/33"),
        ("REQUIRE_HTTPS_APPS", "yes"),
        ("APP_HISTORY_DAYS", "6"),
        ("APP_HISTORY_DAYS", "3651"),
        ("APP_HISTORY_DAYS", "ninety"),
        ("DATA_DIR", "/proc/desk"),
    ],
)
def test_a_mistake_is_told_by_the_name_of_the_variable(configure, name, value):
    with pytest.raises(BadSetting) as mistake:
        configure(**{name: value})

    assert mistake.value.name == name
    assert str(mistake.value).startswith(f"{name}: ")
    assert "\n" not in str(mistake.value)


@pytest.mark.parametrize("name", ["DATABASE_URL", "SECRET_KEY"])
def test_a_mistake_in_a_secret_does_not_tell_it(configure, name):
    with pytest.raises(BadSetting) as mistake:
        configure(**{name: "postgresql://me:hunter2@host:x/desk" if name == "DATABASE_URL" else "hunter2"})

    assert "hunter2" not in str(mistake.value)


def test_a_configuration_does_not_show_its_secrets(configure):
    shown = repr(configure(DATABASE_URL="postgresql://me:hunter2@host/desk", SECRET_KEY="topsecret" * 5))

    assert "hunter2" not in shown
    assert "topsecret" not in shown


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_may_be_spelled_in_three_ways(configure, scheme):
    config = configure(DATABASE_URL=f"{scheme}://me:secret@db.example.com:5433/desk")

    assert config.database_url == "postgresql+psycopg://me:secret@db.example.com:5433/desk"
    assert config.libpq_url == "postgresql://me:secret@db.example.com:5433/desk"
    assert not config.is_sqlite


def test_postgresql_may_be_behind_a_unix_socket(configure):
    assert not configure(DATABASE_URL="postgresql:///desk?host=/run/postgresql").is_sqlite


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Desk.Example.com/", "https://desk.example.com"),
        ("https://desk.example.com:443", "https://desk.example.com"),
        ("http://desk.example.com:8080", "http://desk.example.com:8080"),
        ("http://[2001:DB8::1]:8080", "http://[2001:db8::1]:8080"),
    ],
)
def test_the_public_address_is_kept_in_its_plainest_form(configure, given, kept):
    assert configure(PUBLIC_URL=given).public_url == kept


def test_cookies_are_secure_where_the_public_address_is_https(configure):
    assert configure(PUBLIC_URL="https://desk.example.com").cookie_secure
    assert not configure(PUBLIC_URL="http://desk.example.com").cookie_secure


@pytest.mark.parametrize(
    ("environ", "is_local", "asks_code"),
    [
        ({"HOST": "localhost"}, True, False),
        ({"HOST": "::1"}, True, False),
        ({"HOST": "127.0.0.2"}, True, False),
        ({"HOST": "0.0.0.0"}, False, True),
        ({"HOST": "192.168.1.7"}, False, True),
        ({"PUBLIC_URL": "http://localhost:8080"}, True, True),
        ({"PUBLIC_URL": "http://[::1]:8080"}, True, True),
        ({"PUBLIC_URL": "https://desk.example"}, False, True),
        ({"PUBLIC_URL": "http://localhost:8080", "HOST": "0.0.0.0"}, False, True),
    ],
)
def test_where_others_can_come_first_a_set_up_code_is_asked(configure, environ, is_local, asks_code):
    config = configure(**environ)

    assert config.is_local is is_local
    assert config.asks_setup_code is asks_code


def test_the_set_up_code_is_the_same_in_every_process_and_another_on_every_desk(configure):
    key = "k" * 40
    assert configure(SECRET_KEY=key).setup_code == configure(SECRET_KEY=key).setup_code
    assert configure(SECRET_KEY=key).setup_code != configure(SECRET_KEY="l" * 40).setup_code
    assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", configure(SECRET_KEY=key).setup_code)


def test_networks_are_read(configure):
    config = configure(TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.1", OUTGOING_ALLOW="fd00::/8,")

    assert config.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("192.0.2.1/32"))
    assert config.outgoing_allow == (ip_network("fd00::/8"),)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:5000"),
        ("::", "http://[::1]:5000"),
        ("[::1]", "http://[::1]:5000"),
        ("desk.lan", "http://desk.lan:5000"),
    ],
)
def test_the_address_to_open_is_one_that_can_be_opened(configure, host, url):
    assert configure(HOST=host).local_url == url


def test_the_data_folder_is_for_its_owner_only(configure):
    config = configure()

    assert config.data_dir.stat().st_mode & 0o777 == 0o700
    assert config.uploads_dir.stat().st_mode & 0o777 == 0o700
    assert (config.data_dir / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_relative_data_folder_is_one_in_the_checkout_whatever_the_current_folder(tmp_path):
    name = f"var/test-{os.getpid()}"
    command = "from dashboard.config import Config; print(Config.from_environment().data_dir)"
    environ = {**os.environ, "DATA_DIR": name, "PYTHONPATH": str(CHECKOUT)}
    try:
        said = subprocess.check_output([sys.executable, "-c", command], cwd=tmp_path, env=environ, text=True)
    finally:
        for path in sorted((CHECKOUT / name).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (CHECKOUT / name).rmdir()

    assert Path(said.strip()) == CHECKOUT / name


def test_the_secret_key_is_made_once_even_by_many_at_once(configure):
    with ThreadPool(16) as pool:
        keys = {config.secret_key for config in pool.map(lambda _: configure(), range(64))}

    assert len(keys) == 1
    assert len(keys.pop()) == 64


def test_a_damaged_secret_key_is_not_replaced_in_silence(configure, tmp_path):
    configure()
    (tmp_path / "data" / "secret_key").write_text("")

    with pytest.raises(BadSetting, match=r"SECRET_KEY: .* is damaged"):
        configure()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["-m", "flask", "--app", "wsgi", "routes"], 1),
        (["-m", "dashboard.server.supervisor"], 1),
        (["-m", "pytest", "tests/test_config.py"], 4),
    ],
)
def test_every_command_stops_with_one_line(command, code):
    environ = {**os.environ, "PORT": "http"}
    done = subprocess.run(
        [sys.executable, *command], cwd=CHECKOUT, env=environ, capture_output=True, text=True, check=False
    )

    [line] = (done.stdout + done.stderr).strip().splitlines()
    assert line.removeprefix("ERROR: ") == "PORT: “http” is not a port number between 0 and 65534."
    assert done.returncode == code


def test_flask_run_is_not_offered(tmp_path):
    environ = {**os.environ, "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "run"],
        cwd=CHECKOUT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "use `make run`" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_documentation_lists_every_variable():
    rows = re.findall(
        r"^\| `([A-Z_0-9]+)` \| (.*?) \| (.*) \|$", (DOCS / "configuration.md").read_text(), re.MULTILINE
    )

    assert rows == [
        (setting.name, f"`{setting.default}`" if setting.default else "", setting.meaning)
        for setting in SETTINGS
    ]
