"""Fills an empty desk with as many conversations as asked for, in minutes even for a million.

Rows are made by a random generator with a fixed seed, so that two machines measure the same desk. Indexes,
triggers and the full-text table are taken away while the rows go in, and made again from what the database
said about them: a migration that adds an index needs no change here.
"""

import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bench.datasets import DataSet
from dashboard import create_app
from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.operations.agents import add_agent
from dashboard.accounts.operations.founding import create_account
from dashboard.apps.operations.apps import add_app
from dashboard.config import CHECKOUT
from dashboard.config import Config
from dashboard.conversations.queries.terms import stored_words
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.models import InboxMember
from dashboard.lib.markdown import html_of
from dashboard.lib.words import words_of
from dashboard.transactions import transaction

LONE_AGENT = "lone@bench.test"  # works in the smallest inbox only
PASSWORD = "a password for benches"
AGENTS = {1_000: 12, 10_000: 12, 100_000: 40, 1_000_000: 120}
# Name, share of the conversations and of the agents, in percent. The first agent is in the 2nd, 4th and 7th.
INBOXES = (
    ("Website", 42, 100),
    ("Orders", 22, 75),
    ("Returns", 14, 50),
    ("Billing", 9, 50),
    ("Wholesale", 6, 30),
    ("Press", 4, 25),
    ("Partners", 2, 25),
    ("Legal", 1, 15),
)
LABELS = ("vip", "refund", "bug", "delivery", "billing", "feature", "spam", "follow_up", "urgent", "beta")
APPS = 5
SPARE_ACCOUNTS = 12  # where apps are added again and again without reaching an account's limit
LONG = 40  # messages of the conversations whose page is measured
LONG_EVERY = 50  # one conversation in so many is a long one
LONGEST = 3_000  # messages of one conversation, the last
MESSAGES = 10
DAYS = 720
BLOCK = 2_000  # conversations that go on at the same time: their messages lie between each other's

_WORDS = """
    hello order parcel arrived yesterday invoice please check refund card payment address change thanks soon
    customer account login screen button error number street colour size blue green black shoe jacket return
    label printed again missing broken open closed today tomorrow morning office phone call answer question
    quick slow price discount code valid until march delivery courier door neighbour signature photo attached
    email reply team support manager update working problem solved could would should about because which
    there their before after between without another
"""
_FIRST = (
    "Ada Bo Cy Dana Eli Fay Gus Hana Ida Jon Kim Lou Mia Ned Ola Pia Quin Rae Sam Tia Uma Val Wim Xia Yan Zoe"
)
_LAST = (
    "Abel Berg Costa Dietrich Ekman Fontaine Garcia Horvat Ito Jansen Kowalski Lindqvist Moreau Nakamura "
    "Okafor Petrov Quist Rossi Silva Tanaka Ueda Varga Weber Xu Young Zimmer"
)

Row = tuple[object, ...]


def seed(data: DataSet) -> None:
    """Make the data set, unless an earlier run has."""
    if data.is_seeded:
        return
    started = time.monotonic()
    print(f"Making {data.conversations:,} conversations …", flush=True)
    data.forget()
    store = _store(data.config)
    store.clear()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    subprocess.run(command, cwd=CHECKOUT, env=data.environ, check=True, capture_output=True)
    people = _lay_ground(data.config, AGENTS[data.conversations])
    store.fill(_tables(data.conversations, people))
    data.note_seeded()
    print(f"… made in {time.monotonic() - started:.0f} s.", flush=True)


def _lay_ground(config: Config, agents: int) -> "_People":
    """The account, its people, inboxes and apps: by the verbs that a person would use."""
    app = create_app(config)
    with app.app_context():
        people = _people(agents)
        db.session.remove()
        db.engine.dispose()  # what fills the tables wants the file for itself
    return people


def _people(how_many: int) -> "_People":
    with transaction():
        boss = create_account(account="Bench", name="Ada Boss", email="ada@bench.test", password=PASSWORD)
        agents = [_agent(boss, number) for number in range(how_many)]
        inboxes = [Inbox(account_id=boss.account_id, name=name) for name, _, _ in INBOXES]
        db.session.add_all(inboxes)
        db.session.flush()
        _fill_inboxes(inboxes, agents)
        lone = add_agent(boss.account, name="Lou Lone", email=LONE_AGENT, password=None, actor=boss.user)
        db.session.flush()
        db.session.add(InboxMember(inbox_id=inboxes[-1].id, user_id=lone.user_id))
        for account in [boss.account, *_spare_accounts(boss)]:
            for number in range(APPS):
                content = [{"type": "frame", "url": f"https://app{number}.example.com/orders/{number}"}]
                add_app(account, title=f"Orders {number}", content=content, actor=boss.user)
        return _People(boss.account_id, [agent.user_id for agent in agents], [inbox.id for inbox in inboxes])


def _agent(boss: Membership, number: int) -> Membership:
    return add_agent(
        boss.account,
        name=f"{_FIRST.split()[(number + 1) % 25]} Agent",
        email=f"agent{number}@bench.test",
        password=PASSWORD if number == 0 else None,
        actor=boss.user,
    )


def _fill_inboxes(inboxes: list[Inbox], agents: list[Membership]) -> None:
    for place, inbox in enumerate(inboxes):
        members = {agent.user_id for agent in agents[1 : 1 + len(agents) * INBOXES[place][2] // 100]}
        if place in {1, 3, 6}:
            members.add(agents[0].user_id)
        db.session.add_all(InboxMember(inbox_id=inbox.id, user_id=each) for each in members)


def _spare_accounts(boss: Membership) -> list[Account]:
    accounts = [Account(name=f"Spare {number}") for number in range(SPARE_ACCOUNTS)]
    db.session.add_all(accounts)
    db.session.flush()
    for account in accounts:
        db.session.add(Membership(account_id=account.id, user_id=boss.user_id, role="administrator"))
    return accounts


class _People:
    """Whom the rows refer to."""

    def __init__(self, account_id: int, agents: list[int], inboxes: list[int]) -> None:
        self.account_id = account_id
        self.agents = agents
        self.inboxes = inboxes


class _Made:
    """Everything about conversation `n`, told the same whenever it is asked: nothing is kept in memory."""

    def __init__(self, total: int, people: _People) -> None:
        self.total = total
        self.people = people
        self.contacts = max(1, total // 2)
        self.start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=DAYS)
        self.step = DAYS * 86400 / (total + 1)
        self.inboxes = [place for place, inbox in enumerate(INBOXES) for _ in range(inbox[1])]

    def facts(self, n: int) -> "_Facts":
        return _Facts(self, n)

    def moment(self, seconds: float) -> str:
        days, rest = divmod(int(seconds), 86400)
        return f"{_day(self.start, days)} {_CLOCK[rest]}.000000"


class _Facts:
    __slots__ = ("age", "assignee", "born", "contact", "count", "inbox", "last", "random", "status")

    def __init__(self, made: _Made, n: int) -> None:
        rng = self.random = random.Random(n)
        self.born = n * made.step
        self.age = n / made.total
        # What is old is mostly done; of the last month a third is open.
        chance = rng.random()
        fresh = self.age > 0.9
        limits = (0.42, 0.50, 0.56) if fresh else (0.06, 0.075, 0.085)
        self.status = ("open", "pending", "snoozed", "resolved")[sum(chance >= limit for limit in limits)]
        self.inbox = rng.choice(made.inboxes)
        self.contact = 1 + (n * 7919) % made.contacts
        unassigned = rng.random() < (0.35 if self.status == "open" else 0.06)
        self.assignee = None if unassigned else rng.choice(made.people.agents)
        self.count = LONGEST if n == made.total else LONG if n % LONG_EVERY == 0 else MESSAGES
        self.last = self.born + min(self.count * 5400, DAYS * 86400 - self.born - 60)


def _tables(total: int, people: _People) -> list[tuple[str, str, Callable[[], Iterator[Row]]]]:
    made = _Made(total, people)
    return [
        ("contacts", _CONTACT, lambda: _contacts(made)),
        ("contact_inboxes", _CONTACT_INBOX, lambda: _contact_inboxes(made)),
        ("conversations", _CONVERSATION, lambda: _conversations(made)),
        ("conversation_labels", "conversation_id title account_id", lambda: _labels(made)),
        ("messages", _MESSAGE, lambda: _messages(made)),
        ("message_words", "id words", lambda: _message_words(made)),
    ]


_CONTACT = (
    "id account_id name email phone_number identifier additional_attributes custom_attributes "
    "blocked last_activity_at created_at updated_at"
)


def _contacts(made: _Made) -> Iterator[Row]:
    first, last = _FIRST.split(), _LAST.split()
    for n in range(1, made.contacts + 1):
        rng = random.Random(-n)
        given, family = rng.choice(first), rng.choice(last)
        email = f"{given}.{family}{n}@example.com".lower() if rng.random() < 0.9 else None
        phone = f"+1202555{n:07d}" if rng.random() < 0.5 else None
        custom = {"plan": rng.choice(["free", "team", "business"]), "orders": rng.randrange(40)}
        more = {"city": rng.choice(["Oslo", "Porto", "Turin"]), "company_name": f"{family} Ltd"}
        born = made.moment(n * DAYS * 86400 / (made.contacts + 1))
        yield (
            n,
            made.people.account_id,
            f"{given} {family}",
            email,
            phone,
            f"customer-{n}" if rng.random() < 0.6 else None,
            json.dumps(more),
            json.dumps(custom),
            False,
            made.moment((DAYS - rng.random() * 60) * 86400),
            born,
            born,
        )


_CONTACT_INBOX = "id contact_id inbox_id source_id hmac_verified pubsub_token created_at updated_at"


def _contact_inboxes(made: _Made) -> Iterator[Row]:
    """One session for each conversation, with the same number; contacts come back through several inboxes."""
    for n in range(1, made.total + 1):
        facts = made.facts(n)
        inbox = made.people.inboxes[facts.inbox]
        token = f"{facts.random.getrandbits(144):036x}"
        born = made.moment(facts.born)
        yield n, facts.contact, inbox, f"{token[:8]}-{token[8:12]}-{n}", False, token, born, born


_CONVERSATION = (
    "id account_id inbox_id contact_id contact_inbox_id assignee_id display_id uuid status priority "
    "snoozed_until agent_last_seen_at assignee_last_seen_at contact_last_seen_at waiting_since "
    "first_reply_created_at last_activity_at custom_attributes additional_attributes labels created_at "
    "updated_at"
)


def _conversations(made: _Made) -> Iterator[Row]:
    for n in range(1, made.total + 1):
        facts = made.facts(n)
        rng = facts.random
        last, born = made.moment(facts.last), made.moment(facts.born)
        is_open = facts.status == "open"
        number = f"{rng.getrandbits(128):032x}"
        yield (
            n,
            made.people.account_id,
            made.people.inboxes[facts.inbox],
            facts.contact,
            n,
            facts.assignee,
            n,
            f"{number[:8]}-{number[8:12]}-4{number[13:16]}-a{number[17:20]}-{number[20:]}",
            facts.status,
            rng.choice((-1, -1, -1, -1, 0, 1, 1, 2, 3)),
            made.moment(DAYS * 86400 + rng.randrange(86400 * 7)) if facts.status == "snoozed" else None,
            made.moment(facts.last - 4000) if is_open and rng.random() < 0.6 else last,
            None,
            last,
            last if is_open and rng.random() < 0.7 else None,
            made.moment(facts.born + 900),
            last,
            json.dumps({"source": "shop", "order": f"A-{n}"}),
            '{"browser": {"browser_name": "Firefox"}}',
            json.dumps(_labels_of(n)),
            born,
            last,
        )


def _labels_of(n: int) -> list[str]:
    rng = random.Random(n * 31)
    return rng.sample(LABELS, rng.choice((1, 1, 2))) if rng.random() < 0.3 else []


def _labels(made: _Made) -> Iterator[Row]:
    for n in range(1, made.total + 1):
        for title in _labels_of(n):
            yield n, title, made.people.account_id


_MESSAGE = (
    "id conversation_id message_type content_type content html content_attributes additional_attributes "
    "private status source_id sender_user_id created_at updated_at"
)
# Type, private, activity: who speaks in turn. Half of them are the customer's.
_TURNS = (
    "incoming",
    "incoming",
    "outgoing",
    "activity",
    "incoming",
    "outgoing",
    "note",
    "incoming",
    "outgoing",
    "outgoing",
)
_LINE = json.dumps({"activity": "Conversation was reopened by %(user)s", "values": {"user": "Bo Agent"}})


def _messages(made: _Made) -> Iterator[Row]:
    """Conversations of a block take turns, as they do in life: messages of one do not lie side by side."""
    sentences = [(sentence, html_of(sentence)) for sentence in _sentences()]
    number = 0
    for first in range(1, made.total + 1, BLOCK):
        block = [(n, made.facts(n)) for n in range(first, min(first + BLOCK, made.total + 1))]
        for turn in range(max(facts.count for _, facts in block)):
            for n, facts in block:
                if turn < facts.count:
                    number += 1
                    yield _message(made, number, n, facts, turn, sentences)


def _message(
    made: _Made, number: int, n: int, facts: _Facts, turn: int, sentences: list[tuple[str, str | None]]
) -> Row:
    who = _TURNS[turn % len(_TURNS)]
    agent = facts.assignee or made.people.agents[n % len(made.people.agents)]
    at = made.moment(facts.born + (facts.last - facts.born) * (turn + 1) / facts.count)
    kind = "outgoing" if who == "note" else who
    said = ("Conversation was reopened by Bo Agent", None)
    content, html = said if who == "activity" else sentences[(number * 31) % len(sentences)]
    return (
        number,
        n,
        kind,
        "text",
        content,
        html,
        "{}",
        _LINE if who == "activity" else "{}",
        who == "note",
        "sent",
        None,
        agent if kind == "outgoing" else None,
        at,
        at,
    )


def _message_words(made: _Made) -> Iterator[Row]:
    """As the desk would have written them with the messages."""
    folded = {sentence: words_of(sentence) for sentence in _sentences()}
    for number, n, kind, _, content, *_ in _messages(made):
        if kind != "activity":
            inbox = made.people.inboxes[made.facts(n).inbox]
            account = made.people.account_id
            words = stored_words(folded[content], message_id=number, account=account, inbox=inbox)
            yield number, words


def _sentences() -> list[str]:
    """A few thousand texts of 20 to 300 letters; every tenth has a link in it."""
    rng = random.Random(7)
    texts = []
    for number in range(4_999):
        words = rng.choices(_WORDS.split(), k=rng.choice((4, 8, 12, 16, 24, 45)))
        if number % 10 == 0:
            words.append(f"https://shop.example.com/orders/{number}")
        texts.append(" ".join(words).capitalize() + ".")
    return texts


_CLOCK = [f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}" for second in range(86400)]
_days: dict[int, str] = {}


def _day(start: datetime, days: int) -> str:
    if days not in _days:
        _days[days] = f"{(start + timedelta(days=days)).date()}"
    return _days[days]


def _store(config: Config) -> "_Sqlite | _Postgresql":
    return _Sqlite(config) if config.is_sqlite else _Postgresql(config)


class _Sqlite:
    """A file that nobody else has open while it is filled."""

    def __init__(self, config: Config) -> None:
        self.path = config.sqlite_path

    def clear(self) -> None:
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    def fill(self, tables: Iterable[tuple[str, str, Callable[[], Iterator[Row]]]]) -> None:
        connection = sqlite3.connect(self.path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1500000", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("BEGIN")
        for table, columns, rows in tables:
            self._fill_one(connection, table, columns.split(), rows())
        connection.execute(
            "UPDATE accounts SET last_display_id = (SELECT max(id) FROM conversations) WHERE id = 1"
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.close()

    def _fill_one(
        self, connection: sqlite3.Connection, table: str, columns: list[str], rows: Iterator[Row]
    ) -> None:
        made_again = connection.execute(
            "SELECT type, name, sql FROM sqlite_master "
            "WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
            (table,),
        ).fetchall()
        for kind, name, _ in made_again:
            connection.execute(f"DROP {kind} {name}")
        places = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)
        for _, _, statement in made_again:
            connection.execute(statement)
        searched = connection.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%' AND sql LIKE ?",
            (f"%content='{table}'%",),
        ).fetchall()
        for (name,) in searched:
            connection.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")


class _Postgresql:
    """A database of its own beside the one that DATABASE_URL names: `<name>_bench_<size>`."""

    def __init__(self, config: Config) -> None:
        self.url = config.libpq_url
        self.name = make_url(config.database_url).database or ""

    def clear(self) -> None:
        server = make_url(self.url).set(database="postgres").render_as_string(hide_password=False)
        name = sql.Identifier(self.name)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))

    def fill(self, tables: Iterable[tuple[str, str, Callable[[], Iterator[Row]]]]) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "SET TIME ZONE 'UTC'; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'"
            )
            connection.execute("SET session_replication_role = replica")  # foreign keys hold by construction
            for table, columns, rows in tables:
                self._fill_one(connection, table, columns.split(), rows())
            connection.execute(
                "UPDATE accounts SET last_display_id = (SELECT max(id) FROM conversations) WHERE id = 1"
            )
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")  # as its own housekeeping would have done meanwhile

    def _fill_one(
        self, connection: psycopg.Connection, table: str, columns: list[str], rows: Iterator[Row]
    ) -> None:
        made_again = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)",
            (table,),
        ).fetchall()
        for name, _ in made_again:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with connection.cursor().copy(copy) as into:
            for row in rows:
                into.write_row(row)
        for _, statement in made_again:
            connection.execute(statement)
        if columns[0] == "id":
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
