"""An upgraded desk finds what was said before."""

from pathlib import Path

import flask_migrate
import pytest

from dashboard.accounts.queries import member_of
from dashboard.conversations.operations.posting import delete_message
from dashboard.conversations.queries.search import found_message_ids
from dashboard.extensions import db
from dashboard.lib.words import sought_in
from tests.support.apps import close_app
from tests.support.apps import open_app
from tests.support.cast import make_cast
from tests.support.databases import Databases
from tests.support.factories import make_conversation
from tests.support.factories import make_message


@pytest.mark.database
def test_messages_of_before_are_found_after_the_upgrade(databases: Databases, tmp_path: Path) -> None:
    app = open_app(tmp_path, databases.new())
    with app.app_context():
        flask_migrate.upgrade()
        cast = make_cast()
        conversation = make_conversation(cast.inbox)
        said = make_message(conversation, "Un café, s’il vous plaît")
        make_message(conversation, "A café was opened", message_type="activity")
        gone = make_message(conversation, "No café")
        delete_message(gone, actor=cast.bo)

        flask_migrate.downgrade(revision="0003")
        flask_migrate.upgrade()

        who = member_of(cast.acme.id, cast.bo.id)
        assert found_message_ids(who, sought_in("cafe"), limit=9) == [said.id]
        later = make_message(conversation, "Noch ein Café")
        assert found_message_ids(who, sought_in("cafe"), limit=9) == [later.id, said.id]
        db.session.remove()
    close_app(app)
