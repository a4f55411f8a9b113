"""Conversations follow when a label gets another title, or goes."""

from sqlalchemy import delete
from sqlalchemy import select

from dashboard.conversations.models import Conversation
from dashboard.conversations.models import ConversationLabel
from dashboard.conversations.operations.telling import tell_update
from dashboard.extensions import db
from dashboard.transactions import transaction

BATCH = 200  # conversations in one transaction: nobody else waits long for the database


def relabel_some(*, account_id: int, before: str, after: str | None) -> int:
    """Give some conversations the title `after` for the label `before`, or take it away where there is none;
    how many there were. No line is written in them."""
    of_label = (ConversationLabel.account_id == account_id, ConversationLabel.title == before)
    some = select(ConversationLabel.conversation_id).where(*of_label).limit(BATCH)
    with transaction():
        query = select(Conversation).where(Conversation.id.in_(some))
        conversations = db.session.scalars(query.with_for_update()).all()
        for conversation in conversations:
            _relabel(conversation, before, after)
    return len(conversations)


def _relabel(conversation: Conversation, before: str, after: str | None) -> None:
    carried = conversation.labels
    labels = [after if label == before else label for label in carried]
    conversation.labels = list(dict.fromkeys(label for label in labels if label))
    index = ConversationLabel
    db.session.execute(
        delete(index).where(index.conversation_id == conversation.id, index.title == before),
        execution_options={"synchronize_session": False},
    )
    if after and after not in carried:
        new = index(conversation_id=conversation.id, account_id=conversation.account_id, title=after)
        db.session.add(new)
    tell_update(conversation, {"label_list": [carried, conversation.labels]}, performer=None)
