"""What conversations do when something happens elsewhere."""

from dashboard.accounts.operations.agents import remove_agent
from dashboard.accounts.queries import member_of
from dashboard.conversations.models import Conversation
from dashboard.extensions import db
from tests.support.cast import Cast
from tests.support.factories import make_conversation
from tests.support.factories import make_inbox
from tests.support.factories import make_membership


def test_who_left_the_account_is_in_charge_of_nothing_there(cast: Cast) -> None:
    make_membership(cast.other, cast.bo)
    here = make_conversation(cast.inbox, assignee_id=cast.bo.id).id
    others = make_conversation(cast.inbox, assignee_id=cast.ada.id).id
    elsewhere = make_conversation(make_inbox(cast.other), assignee_id=cast.bo.id).id

    remove_agent(member_of(cast.acme.id, cast.bo.id), actor=cast.ada)

    db.session.expire_all()
    assignees = [db.session.get_one(Conversation, each).assignee_id for each in (here, others, elsewhere)]
    assert assignees == [None, cast.ada.id, cast.bo.id]
