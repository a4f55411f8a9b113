"""Behind `make run`: binds the port once, keeps the web process and the worker alive, and ends with both."""

import errno
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

from dashboard.config import CHECKOUT
from dashboard.config import BadSetting
from dashboard.config import Config
from dashboard.lib import clock
from dashboard.server.database import Found
from dashboard.server.database import State
from dashboard.server.database import copy_before_migration
from dashboard.server.database import look

BACKLOG = 2048
GRACE = 15.0  # seconds that a process gets to end by itself
START = 60.0  # seconds that a process gets to become ready
HEALTHY = 30.0  # seconds after which a process has shown that it works
LONGEST_WAIT = 30.0  # seconds between two starts of something that keeps dying


class CannotStart(Exception):
    """Why not: one line for the person at the terminal."""


class Child:
    """One process, and the pipe on which it says that it is ready."""

    def __init__(self, name: str, fds: list[int], lifeline: int, environ: dict[str, str]) -> None:
        self.name = name
        self.pipe, ready = os.pipe()
        fds = [*fds, lifeline, ready]
        self.process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", f"dashboard.server.{name}", *map(str, fds)],
            cwd=CHECKOUT,
            env=environ,
            pass_fds=fds,
            start_new_session=True,  # Ctrl-C is for the supervisor, which then ends us in good order
        )
        os.close(ready)
        os.set_blocking(self.pipe, False)
        self.born_at = time.monotonic()
        self.told_at: float | None = None

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def age(self) -> float:
        return time.monotonic() - self.born_at

    def is_ready(self) -> bool:
        """Whether it has said so by now."""
        try:
            return os.read(self.pipe, 1) != b""
        except BlockingIOError:
            return False

    def tell_to_end(self) -> None:
        self.told_at = time.monotonic()
        if not self.has_ended:
            self.process.terminate()

    def insist(self) -> None:
        """Kill it where it was told to end long ago."""
        if self.told_at is not None and time.monotonic() - self.told_at > GRACE and not self.has_ended:
            self.process.kill()

    def bury(self) -> None:
        self.process.wait()
        os.close(self.pipe)


class Post:
    """A place that a living child must hold. In a roll the next one is ready before the old one has to go."""

    def __init__(self, name: str, fds: list[int], lifeline: int, environ: dict[str, str]) -> None:
        self.name = name
        self.ingredients = (name, fds, lifeline, environ)
        self.holder: Child | None = None
        self.coming: Child | None = None
        self.leaving: list[Child] = []
        self.failures = 0
        self.next_start = 0.0

    def look(self) -> None:
        """Do what is to be done now: start, hand over, clear away."""
        if self.holder is not None and self.holder.has_ended:
            self._mourn(self.holder)
            self.holder = None
        if self.coming is not None:
            self._look_at_coming(self.coming)
        if self.holder is None and self.coming is None and time.monotonic() >= self.next_start:
            self.coming = Child(*self.ingredients)
        self._clear()

    def renew(self) -> None:
        """Start a fresh one, which takes over when it is ready."""
        if self.coming is not None:
            self._send_away(self.coming)
        self.coming = Child(*self.ingredients)

    def restart(self) -> None:
        """End whoever is there; the next one starts after that."""
        for child in (self.holder, self.coming):
            if child is not None:
                child.process.terminate()

    def end(self) -> None:
        for child in (self.holder, self.coming):
            if child is not None:
                self._send_away(child)
        self.holder = self.coming = None

    @property
    def is_empty(self) -> bool:
        self._clear()
        return not self.leaving and self.holder is None and self.coming is None

    def _look_at_coming(self, child: Child) -> None:
        if child.is_ready():
            if self.holder is not None:
                self._send_away(self.holder)
            self.holder, self.coming = child, None
        elif child.has_ended or child.age > START:
            self._mourn(child)
            self.coming = None

    def _mourn(self, child: Child) -> None:
        self._send_away(child)
        self.failures = 1 if child.age > HEALTHY else self.failures + 1
        self.next_start = time.monotonic() + min(0.1 * 2**self.failures, LONGEST_WAIT)
        sys.stderr.write(f"The {self.name} process {_end_of(child)}.\n")

    def _send_away(self, child: Child) -> None:
        child.tell_to_end()
        self.leaving.append(child)

    def _clear(self) -> None:
        for child in self.leaving:
            child.insist()
        for child in [child for child in self.leaving if child.has_ended]:
            child.bury()
            self.leaving.remove(child)


class Supervisor:
    """The loop: sleeps until a signal, a child or the clock wants something."""

    def __init__(self, config: Config, listener: socket.socket) -> None:
        self.config = config
        self.listener = listener
        self.is_stopping = False
        self.is_to_roll = False
        self.has_terminal = _has_terminal()
        lifeline, self._held = os.pipe()  # children see the end of it when this process is no more
        environ = {**os.environ, "PORT": str(config.port)}
        self.webs = [Post("web", [listener.fileno()], lifeline, environ) for _ in range(config.web_processes)]
        self.worker = Post("worker", [], lifeline, environ)
        self.posts = list(self.webs)
        self.bell = _hang_bell()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGHUP, self._hang_up)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to ring the bell

    def run(self, *, has_account: bool) -> int:
        """Serve until told to stop. The worker begins last: the first page comes quicker."""
        for web in self.webs:
            web.look()
        while not self.is_stopping and any(web.holder is None for web in self.webs):
            self._sleep(0.5)
            for web in self.webs:
                web.look()
            if any(web.failures for web in self.webs):
                self._end()
                return 1
        if not self.is_stopping:
            self._announce(has_account)
            self.posts.append(self.worker)
        while not self.is_stopping:
            if self.is_to_roll:
                self._roll()
            for post in self.posts:
                post.look()
            self._sleep(0.5)
        self._end()
        return 0

    def _announce(self, has_account: bool) -> None:
        say(f"Deskframe is at {self.config.public_url or self.config.local_url} (Ctrl-C stops it).")
        if self.config.asks_setup_code and not has_account:
            say(f"The first visit asks for this set-up code: {self.config.setup_code}")

    def _sleep(self, seconds: float) -> None:
        pipes = [post.coming.pipe for post in self.posts if post.coming is not None]
        select.select([self.bell, *pipes], [], [], seconds)
        try:
            os.read(self.bell, 4096)
        except BlockingIOError:
            return

    def _end(self) -> None:
        self.listener.close()
        for post in self.posts:
            post.end()
        while not all(post.is_empty for post in self.posts):
            self._sleep(0.2)

    def _stop(self, *_: object) -> None:
        self.is_stopping = True

    def _hang_up(self, *_: object) -> None:
        """SIGHUP means new code or settings, except where it says that the terminal is gone."""
        if self.has_terminal and not _has_terminal():
            self.is_stopping = True
        self.is_to_roll = True

    def _roll(self) -> None:
        self.is_to_roll = False
        if look(self.config).state is not State.CURRENT:
            sys.stderr.write("The new code needs another database: restart instead of reloading.\n")
            return
        for web in self.webs:
            web.renew()
        self.worker.restart()  # two at once would be two checkpointers


def main() -> NoReturn:
    raise_file_limit()
    try:
        config = Config.from_environment()
        listener = bind(config)
        config = replace(config, port=listener.getsockname()[1])
        found = prepare_database(config)
    except (BadSetting, CannotStart) as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(Supervisor(config, listener).run(has_account=found.has_account))


def raise_file_limit() -> None:
    """Every socket of `/cable` is an open file: allow as many as the system lets us, for every child too."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # more than this system knows
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def bind(config: Config) -> socket.socket:
    """The listening socket, held by this process for as long as it lives: no restart refuses a connection.

    Raises:
        CannotStart: somebody else listens there, or this machine has no such address.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except socket.gaierror:
        raise CannotStart(f"HOST: “{config.host}” is not a host that can be found.") from None
    except PermissionError:
        raise CannotStart(f"PORT: {config.port} may only be used by root; choose one above 1023.") from None
    except OSError as error:
        raise CannotStart(_why_not_bound(config, error)) from None
    listener.listen(BACKLOG)
    return listener


def prepare_database(config: Config) -> Found:
    """Bring the database up to this code, with a copy beside it first where there is something to lose.

    Raises:
        CannotStart: it cannot be reached, or a newer version has written it.
    """
    found = look(config)
    if found.state is State.CURRENT:
        return found
    if found.state is State.UNREACHABLE:
        raise CannotStart(f"DATABASE_URL: the database cannot be opened: {found.detail}")
    if found.state is State.NEWER:
        raise CannotStart(
            f"The database was written by a newer version (revision {found.detail} is unknown here): "
            "update the code, or restore a backup."
        )
    if found.state is State.BEHIND and config.is_sqlite:
        copy = copy_before_migration(config.sqlite_path, config.data_dir / "backups", at=clock.now())
        say(f"The database is about to be upgraded; a copy is at {copy}.")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    if subprocess.run(command, cwd=CHECKOUT, check=False).returncode != 0:  # noqa: S603 - our own command
        raise CannotStart("The database could not be upgraded; the lines above say why. Nothing was changed.")
    return look(config)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _why_not_bound(config: Config, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"PORT: {config.port} is taken on {config.host}: stop what listens there, or set PORT to another."
        )
    return f"HOST: {config.host} cannot be listened on: {error.strerror}."


def _end_of(child: Child) -> str:
    code = child.process.poll()
    if code is None:
        return "did not get ready and is given up"
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"


def _hang_bell() -> int:
    """A pipe that becomes readable at every signal, so that the loop need not look often."""
    bell, hammer = os.pipe()
    for end in (bell, hammer):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(hammer, warn_on_full_buffer=False)
    return bell


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
