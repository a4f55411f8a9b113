"""No text of the agents' pages was forgotten."""

from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_messages
from tests.support.page import Page
from tests.support.pseudo import forgotten

NAMES = ("Ada Admin", "Bo Agent", "Cy Agent", "Jane Roe", "Website", "Acme", "Orders", "Message")


def test_list_and_conversation_speak_the_persons_language(strange_page: Page, cast: Cast) -> None:
    contact = make_contact(cast.acme, name="Jane Roe")
    conversation = make_conversation(cast.inbox, contact=contact, assignee_id=cast.bo.id)
    make_messages(conversation, 3)
    make_app(cast.acme, placement="both", title="Orders")
    strange_page.sign_in(cast.ada)
    path = f"/accounts/{cast.acme.id}/conversations"

    for page in (path, f"{path}?status=resolved", f"{path}/{conversation.display_id}"):
        assert forgotten(strange_page.get(page), names=NAMES) == []
