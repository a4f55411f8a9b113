"""The listings that listen at `/cable` hear what the desk answers."""

import subprocess
from pathlib import Path

import pytest

from dashboard.config import CHECKOUT
from tests.support.documents import Listing
from tests.support.documents import listings_of
from tests.support.servers import Desk
from tests.support.servers import Server

HERE = Path(__file__).parent
LISTINGS = [
    listing
    for name in ("client-api.md", "live.md")
    for listing in listings_of(CHECKOUT / "docs" / name, "js")
]


@pytest.mark.parametrize("listing", LISTINGS, ids=str)
def test_a_listing_hears_the_answer(live: Server, desk: Desk, listing: Listing) -> None:
    api, account = live.api(desk.ada.token), f"/api/v1/accounts/{desk.account_id}"
    inbox = api.post(f"{account}/inboxes", {"name": "Shop", "channel": {"type": "api"}}).body
    contacts = f"/public/api/v1/inboxes/{inbox['inbox_identifier']}/contacts"
    session = api.post(contacts, {"name": "Jane"}).body
    opened = api.post(f"{contacts}/{session['source_id']}/conversations", {}).body
    command = ["node", str(HERE / "listing.mjs"), live.url, session["pubsub_token"]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.write(listing.text)
        client.stdin.close()
        try:
            assert client.stdout.readline() == "subscribed\n"
            answer = {"content": "On its way", "message_type": "outgoing"}
            assert api.post(f"{account}/conversations/{opened['id']}/messages", answer).status == 200
            assert client.stdout.readline() == "On its way\n"
        finally:
            client.kill()
