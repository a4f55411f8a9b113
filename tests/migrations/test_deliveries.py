"""What was on its way to a callback is on its way after the upgrade too."""

from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import text

from dashboard.conversations.operations.posting import post_message
from dashboard.extensions import db
from dashboard.webhooks.models import Delivery
from tests.support.apps import close_app
from tests.support.apps import open_app
from tests.support.cast import make_cast
from tests.support.databases import Databases
from tests.support.factories import make_conversation


@pytest.mark.database
def test_deliveries_of_before_go_on_after_the_upgrade(databases: Databases, tmp_path: Path) -> None:
    app = open_app(tmp_path, databases.new())
    with app.app_context():
        flask_migrate.upgrade()
        cast = make_cast()
        cast.inbox.webhook_url = "https://example.com/hook"
        conversation = make_conversation(cast.inbox)
        message = post_message(conversation, content="Hi", author=cast.bo)
        before = [
            (each.uuid, each.notice_id, each.message_id, each.due_at, each.lane.partition(":")[2])
            for each in db.session.scalars(db.select(Delivery).order_by(Delivery.id))
        ]
        assert before[0][2] == message.id
        inbox_id, lane = cast.inbox.id, f"inbox:{cast.inbox.id}:{conversation.id}"
        db.session.commit()

        flask_migrate.downgrade(revision="0024")
        assert set(db.session.scalars(text("SELECT lane FROM deliveries"))) == {lane}
        db.session.commit()
        flask_migrate.upgrade()

        after = list(db.session.scalars(db.select(Delivery).order_by(Delivery.id)))
        assert before == [
            (each.uuid, each.notice_id, each.message_id, each.due_at, each.lane.partition(":")[2])
            for each in after
        ]
        assert {(each.state, each.endpoint.inbox_id) for each in after} == {("waiting", inbox_id)}
        post_message(conversation, content="Again", author=cast.bo)
        db.session.remove()
    close_app(app)
