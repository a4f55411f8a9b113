"""Every setting, read from the environment and checked once; a bad one names itself in one sentence."""

import hmac
import os
import re
import secrets
import tempfile
from base64 import b32encode
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from ipaddress import IPv4Network
from ipaddress import IPv6Network
from ipaddress import ip_address
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult
from urllib.parse import unquote
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET_KEY = 32
LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
HOST_NAME = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*\.?")

Network = IPv4Network | IPv6Network


class BadSetting(Exception):
    """A variable that cannot be used; str() is the one line that the person who started us reads."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.name = name
        self.sentence = sentence


@dataclass(frozen=True)
class Setting:
    """One variable: `default` and `meaning` are what docs/configuration.md says about it."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any]


@dataclass(frozen=True)
class Config:
    host: str
    port: int
    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    secret_key: str = field(repr=False)
    public_url: str | None
    trusted_proxies: tuple[Network, ...]
    outgoing_allow: tuple[Network, ...]
    require_https_apps: bool
    app_history_days: int
    web_processes: int
    client_rate_limit: int
    s3_bucket: str
    s3_endpoint: str | None
    s3_region: str
    s3_access_key_id: str = field(repr=False)
    s3_secret_access_key: str = field(repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        values = {setting.name.lower(): _read(setting, environ) for setting in SETTINGS}
        data_dir = values["data_dir"]
        _make_folders(data_dir)
        values["database_url"] = values["database_url"] or f"sqlite:///{data_dir / 'desk.db'}"
        values["secret_key"] = values["secret_key"] or _kept_secret_key(data_dir)
        return cls(**values)

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite:")

    @property
    def sqlite_path(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def libpq_url(self) -> str:
        """The same database, spelled for PostgreSQL's own tools and for psycopg without SQLAlchemy."""
        return self.database_url.replace("postgresql+psycopg://", "postgresql://", 1)

    @property
    def is_loopback(self) -> bool:
        return _is_loopback(self.host)

    @property
    def is_local(self) -> bool:
        """Only people at this machine can reach it: the example app may be served, and the demo."""
        public_host = urlsplit(self.public_url).hostname if self.public_url else None
        return self.is_loopback and (public_host is None or _is_loopback(public_host))

    @property
    def asks_setup_code(self) -> bool:
        """Whether the first visit must show that it comes from whoever started the desk."""
        return not self.is_loopback or self.public_url is not None

    @property
    def setup_code(self) -> str:
        """What `make run` prints and /setup asks for: whoever reads the terminal owns the machine.

        It follows from the secret key, so that every process knows it and nothing has to be stored.
        """
        digest = hmac.digest(self.secret_key.encode(), b"set-up code", "sha256")
        code = b32encode(digest).decode()[:12]
        return "-".join((code[:4], code[4:8], code[8:]))

    @property
    def cookie_secure(self) -> bool:
        return self.public_url is not None and self.public_url.startswith("https:")

    @property
    def public_host(self) -> str | None:
        """What the Host header of a request through PUBLIC_URL says."""
        return urlsplit(self.public_url).netloc if self.public_url else None

    @property
    def uploads_dir(self) -> Path:
        return self.data_dir / "uploads"

    @property
    def incoming_dir(self) -> Path:
        """Where what is being sent waits until it is complete: beside the uploads, never in memory."""
        return self.data_dir / "incoming"

    @property
    def local_url(self) -> str:
        """Where somebody at this machine finds it: an address that listens everywhere is not one to open."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host)  # noqa: S104
        if host is None:
            host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def _read(setting: Setting, environ: Mapping[str, str]) -> Any:
    try:
        return setting.read(environ.get(setting.name, "").strip() or setting.default)
    except ValueError as error:
        raise BadSetting(setting.name, str(error)) from None


def _host(value: str) -> str:
    host = value.lower().removeprefix("[").removesuffix("]")
    if not _is_address(host) and not HOST_NAME.fullmatch(host):
        raise ValueError(f"“{value}” is neither an address nor a host name.")
    return host


def _port(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > 65534:
        raise ValueError(f"“{value}” is not a port number between 0 and 65534.")
    return int(value)


def _data_dir(value: str) -> Path:
    """A relative folder is one in the checkout, so that every command finds the same data from anywhere."""
    return (CHECKOUT / Path(value).expanduser()).resolve()


def _database_url(value: str) -> str:
    if not value:
        return ""
    scheme, separator, rest = value.partition("://")
    if not separator:
        raise ValueError("must look like postgresql://user:password@host/name or sqlite:////folder/desk.db.")
    if scheme == "sqlite":
        if not rest.startswith("//") or len(rest) < 3 or "?" in rest:
            raise ValueError(
                "an SQLite file is named by its full path, with four slashes: sqlite:////folder/desk.db."
            )
        return value
    if scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise ValueError(f"“{scheme}” is not supported: use PostgreSQL or SQLite.")
    if not _split(value).path.strip("/"):
        raise ValueError("names no database: postgresql://user:password@host/name.")
    return f"postgresql+psycopg://{rest}"


def _redis_url(value: str) -> str | None:
    if value and _split(value).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("must begin with redis://, rediss:// or unix://.")
    return value or None


def _secret_key(value: str) -> str:
    if value and len(value) < SHORTEST_SECRET_KEY:
        raise ValueError(f"must have {SHORTEST_SECRET_KEY} characters or more; without it one is made.")
    return value


def _public_url(value: str) -> str | None:
    if not value:
        return None
    parts = _split(value)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not (_is_address(host) or HOST_NAME.fullmatch(host)):
        raise ValueError(f"“{value}” must be http:// or https:// and a host name.")
    if "@" in parts.netloc or parts.path not in {"", "/"} or "?" in value or "#" in value:
        raise ValueError(f"“{value}” must be scheme and host only, such as https://desk.example.com.")
    host = f"[{host}]" if ":" in host else host
    is_usual = parts.port in {None, {"http": 80, "https": 443}[parts.scheme]}
    return f"{parts.scheme}://{host}" if is_usual else f"{parts.scheme}://{host}:{parts.port}"


def _networks(value: str) -> tuple[Network, ...]:
    return tuple(_network(part.strip()) for part in value.split(",") if part.strip())


def _network(value: str) -> Network:
    try:
        return ip_network(value)
    except ValueError:
        raise ValueError(f"“{value}” is not an address or a network such as 10.0.0.0/8.") from None


def _count(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", value) or int(value) == 0:
        raise ValueError(f"“{value}” is not a number between 1 and 99.")
    return int(value)


def _days(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 7 <= int(value) <= 3650:
        raise ValueError(f"“{value}” is not a number of days between 7 and 3650.")
    return int(value)


def _switch(value: str) -> bool:
    if value not in {"0", "1"}:
        raise ValueError(f"“{value}” must be 0 or 1.")
    return value == "1"


def _requests_a_minute(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", value):
        raise ValueError(f"“{value}” is not a number of requests.")
    return int(value)


def _split(value: str) -> SplitResult:
    """urlsplit, with what it only finds out later (a port that is no number) asked for now."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("is not an address that can be read.") from None
    if any(ord(character) <= 32 for character in unquote(parts.netloc)):
        raise ValueError("has a space or a control character in its host.")
    return parts


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _make_folders(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data_dir / "uploads").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BadSetting("DATA_DIR", f"{data_dir} cannot be made: {error.strerror}.") from None
    if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        raise BadSetting("DATA_DIR", f"{data_dir} cannot be written by this user.")


def _kept_secret_key(data_dir: Path) -> str:
    """The key in DATA_DIR, made by whoever comes first: a link is made whole or not at all."""
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            _make_secret_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting("SECRET_KEY", f"{path} cannot be read or made: {error}.") from None
    if len(key) < SHORTEST_SECRET_KEY:
        raise BadSetting("SECRET_KEY", f"{path} is damaged: put it back from a backup, or remove it.")
    return key


def _make_secret_key(path: Path) -> None:
    number, draft = tempfile.mkstemp(prefix=".secret_key-", dir=path.parent)  # mkstemp: mode 0600
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(number)
        Path(path).hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first, and its key is the one
    finally:
        Path(draft).unlink()


SETTINGS = (
    Setting("HOST", "127.0.0.1", "The address to listen on; `0.0.0.0` is every one of this machine.", _host),
    Setting("PORT", "5000", "The port to listen on; a taken one stops the start.", _port),
    Setting(
        "DATA_DIR",
        "var",
        "Where the database, the secret key, uploads and backups live. A relative folder is one in the "
        "checkout, whatever the current folder.",
        _data_dir,
    ),
    Setting(
        "DATABASE_URL",
        "",
        "The database: `postgresql://user:password@host/name` (`postgres://` works too) or "
        "`sqlite:////folder/desk.db`. Without it: SQLite at `DATA_DIR/desk.db`.",
        _database_url,
    ),
    Setting(
        "REDIS_URL",
        "",
        "A Redis server: `redis://`, `rediss://` or `unix://`. Several web processes then count the requests "
        "of a client together, and live events travel over it; without it they do over PostgreSQL or, with "
        "SQLite, over sockets in `DATA_DIR`.",
        _redis_url,
    ),
    Setting(
        "SECRET_KEY",
        "",
        "Signs sessions and links: 32 characters or more. Without it: made once and kept in "
        "`DATA_DIR/secret_key`.",
        _secret_key,
    ),
    Setting(
        "PUBLIC_URL",
        "",
        "The address that people open, scheme and host without a path: `https://desk.example.com`. Links "
        "are made from it, cookies are Secure by its scheme, and requests for another host are refused.",
        _public_url,
    ),
    Setting(
        "TRUSTED_PROXIES",
        "",
        "Addresses or networks, separated by commas, whose `X-Forwarded-For` and `X-Forwarded-Proto` are "
        "believed.",
        _networks,
    ),
    Setting(
        "OUTGOING_ALLOW",
        "",
        "Addresses or networks, separated by commas, that outgoing requests may reach though they are "
        "private, such as a callback in your own network.",
        _networks,
    ),
    Setting(
        "WEB_PROCESSES",
        "1",
        "How many processes serve pages, the API and `/cable`; one for each core that is to work for them.",
        _count,
    ),
    Setting(
        "REQUIRE_HTTPS_APPS",
        "0",
        "`1` refuses dashboard apps whose address is not https.",
        _switch,
    ),
    Setting(
        "APP_HISTORY_DAYS",
        "90",
        "How many days the desk keeps the log of dashboard apps, the ledger of what they were told, their "
        "usage, and where they tried to go; 7 to 3650.",
        _days,
    ),
    Setting(
        "CLIENT_RATE_LIMIT",
        "600",
        "How many requests a minute one network address may send to the client API of one inbox; `0` is any "
        "number.",
        _requests_a_minute,
    ),
    Setting(
        "S3_BUCKET",
        "",
        "Keeps files in this bucket of an S3-compatible store. Without it: in `DATA_DIR/uploads`.",
        str,
    ),
    Setting(
        "S3_ENDPOINT",
        "",
        "The store's address, `https://s3.example.com`. Without it: that of Amazon for `S3_REGION`.",
        _public_url,
    ),
    Setting("S3_REGION", "us-east-1", "The region that the bucket is in.", str),
    Setting("S3_ACCESS_KEY_ID", "", "Who we are to the store.", str),
    Setting("S3_SECRET_ACCESS_KEY", "", "The secret of that name.", str),
)
