"""What the tables promise: up and down on both databases, aware times, and nothing left dangling."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from pathlib import Path
from threading import Barrier

import flask_migrate
import pytest
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import inspect
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import StatementError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.accounts.operations.passwords import make_password_link
from dashboard.accounts.operations.sessions import start_session
from dashboard.contacts.models import Contact
from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.operations.posting import open_conversation
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.inboxes.models import InboxMember
from dashboard.inboxes.queries import session_by_source_id
from tests.support.apps import close_app
from tests.support.apps import open_app
from tests.support.cast import Cast
from tests.support.cast import make_cast
from tests.support.databases import Databases
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_contact_inbox
from tests.support.factories import make_conversation
from tests.support.factories import make_message

pytestmark = pytest.mark.database


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite cannot show one to Alembic
def test_the_migrations_run_up_down_and_up(databases: Databases, tmp_path: Path) -> None:
    app = open_app(tmp_path, databases.new())
    with app.app_context():
        flask_migrate.upgrade()
        made = tables_of(db.engine)
        assert set(db.metadata.tables) <= made
        flask_migrate.check()

        flask_migrate.downgrade(revision="base")
        assert tables_of(db.engine) == set()

        flask_migrate.upgrade()
        assert tables_of(db.engine) == made
        with db.engine.connect() as connection:
            assert MigrationContext.configure(connection).get_current_revision()
    close_app(app)


def test_times_are_kept_in_utc_and_aware_when_read(app: Flask, cast: Cast) -> None:
    tokyo = timezone(timedelta(hours=9))
    contact = make_contact(cast.acme, last_activity_at=datetime(2026, 1, 2, 8, 30, tzinfo=tokyo))
    db.session.expire_all()

    assert contact.last_activity_at == datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    assert contact.last_activity_at.tzinfo is UTC
    assert contact.created_at.tzinfo is UTC
    assert db.session.scalar(select(func.count()).where(Contact.last_activity_at < datetime.now(UTC))) == 1


def test_a_time_without_a_zone_is_refused(app: Flask, cast: Cast) -> None:
    with pytest.raises(StatementError, match="aware"):
        make_contact(cast.acme, last_activity_at=datetime(2026, 1, 1))  # noqa: DTZ001
    db.session.rollback()


def test_a_row_cannot_point_to_nothing(app: Flask, cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        make_contact_inbox(Contact(id=987_654), cast.inbox)
    db.session.rollback()


@pytest.fixture
def lived_in(cast: Cast) -> Conversation:
    """A conversation with all that can hang on an account, its people and its inbox."""
    conversation = make_conversation(cast.inbox, assignee_id=cast.bo.id, labels=["vip"])
    db.session.add(ConversationLabel(conversation_id=conversation.id, account_id=cast.acme.id, title="vip"))
    make_message(conversation)
    make_message(conversation, message_type="outgoing", sender_user_id=cast.bo.id)
    make_app(cast.acme, user_id=cast.bo.id)
    make_password_link(cast.bo)
    start_session(cast.bo)
    return conversation


def dangling() -> list[str]:
    """Every foreign key with a row that points to nothing."""
    found = []
    for table in db.metadata.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint):
                key = constraint.elements[0]
                targets = select(key.column)
                orphans = select(func.count()).where(key.parent.is_not(None), key.parent.not_in(targets))
                if db.session.scalar(orphans.select_from(table)):
                    found.append(str(key.parent))
    return found


def rows_of(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_deleting_an_account_takes_everything_of_it(lived_in: Conversation, cast: Cast) -> None:
    db.session.execute(delete(Account).where(Account.id == cast.acme.id))
    db.session.expire_all()

    assert dangling() == []
    assert rows_of(Conversation) == rows_of(Contact) == rows_of(Inbox) == rows_of(InboxMember) == 0
    assert rows_of(Account) == 1


def test_deleting_a_person_keeps_what_they_wrote(lived_in: Conversation, cast: Cast) -> None:
    db.session.execute(delete(User).where(User.id == cast.bo.id))
    db.session.expire_all()

    assert dangling() == []
    assert db.session.scalar(select(Conversation)).assignee_id is None
    assert rows_of(InboxMember) == 0


def test_deleting_an_inbox_takes_its_conversations(lived_in: Conversation, cast: Cast) -> None:
    db.session.execute(delete(Inbox).where(Inbox.id == cast.inbox.id))
    db.session.expire_all()

    assert dangling() == []
    assert rows_of(Conversation) == 0
    assert rows_of(Contact) == 1


def test_sixteen_conversations_at_once_get_sixteen_numbers(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        cast = make_cast()
        account_id, ada_id = cast.acme.id, cast.ada.id
        for number in range(16):
            make_contact_inbox(make_contact(cast.acme), cast.inbox, source_id=str(number))
        db.session.commit()
    together = Barrier(16)

    def open_one(number: int) -> int:
        with app.app_context():
            together.wait()
            session = session_by_source_id(account_id, str(number))
            return open_conversation(session, actor=db.session.get_one(User, ada_id)).display_id

    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(open_one, range(16)))

    assert sorted(numbers) == list(range(1, 17))
