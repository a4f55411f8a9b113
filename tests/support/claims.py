"""Who somebody says they are when they subscribe to `/cable`."""

from typing import Any

from dashboard.accounts.models import User
from dashboard.accounts.operations.sessions import start_session
from dashboard.extensions import db
from dashboard.inboxes.models import ContactInbox
from dashboard.inboxes.models import Inbox
from tests.support.factories import make_conversation
from tests.support.servers import Desk
from tests.support.servers import Person
from tests.support.servers import Server


def agent(live: Server, desk: Desk, person: Person) -> dict[str, Any]:
    """What an agent's client puts into its identifier."""
    with live.work():
        token = db.session.get_one(User, person.id).pubsub_token
    return {"pubsub_token": token, "account_id": desk.account_id, "user_id": person.id}


def contact(live: Server, desk: Desk) -> dict[str, Any]:
    with live.work():
        conversation = make_conversation(db.session.get_one(Inbox, desk.inbox_id))
        return {"pubsub_token": db.session.get_one(ContactInbox, conversation.contact_inbox_id).pubsub_token}


def cookie_of(live: Server, person: Person) -> str:
    """What the browser of somebody who is signed in sends."""
    with live.work():
        token = start_session(db.session.get_one(User, person.id))
        return live.cookie(token)
