"""No text about bots was forgotten."""

from tests.support.cast import Cast
from tests.support.factories import make_bot
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.page import Page
from tests.support.pseudo import forgotten

NAMES = ("Ada Admin", "Bo Agent", "Acme", "Website", "Shop", "Maria Silva", "Robo", "Returns")
SETTINGS = (
    "",
    "/new",
    "/{robo}",
    "/{robo}/ready",
    "/{robo}/secret",
    "/{robo}/token",
    "/{robo}/removal",
    "/{idle}/removal",
)


def test_settings_and_conversations_speak_the_persons_language(strange_page: Page, cast: Cast) -> None:
    page, account = strange_page, f"/accounts/{cast.acme.id}"
    page.sign_in(cast.ada)
    assert forgotten(page.get(f"{account}/settings/bots"), names=NAMES) == []
    robo = make_bot(cast.acme, inbox=cast.inbox)
    idle = make_bot(cast.acme, name="", description="Returns")
    conversation = make_conversation(
        cast.inbox, contact=make_contact(cast.acme, name="Maria Silva"), status="pending"
    )
    make_message(conversation, "Maria Silva", message_type="outgoing", sender_bot_id=robo.id)

    paths = [f"/settings/bots{path.format(robo=robo.id, idle=idle.id)}" for path in SETTINGS]
    for path in [*paths, "/conversations?status=all", "/conversations/1"]:
        assert forgotten(page.get(account + path), names=NAMES) == [], path
    part = page.get(f"{account}/settings/inboxes/{cast.inbox.id}").select_one("section:has(#bot-title)")
    assert forgotten(part, names=NAMES) == []
    page.get(f"{account}/settings/bots/new")
    assert forgotten(page.submit("main form.panel", expect=422), names=NAMES) == []
