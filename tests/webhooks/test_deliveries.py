"""Deliveries: seen, found, sent again, forgotten; and what receivers and customers might write into them."""

import json
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text

from dashboard.extensions import db
from dashboard.inboxes.operations import delete_inbox
from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.models import Notice
from dashboard.webhooks.operations import tidying
from dashboard.webhooks.operations.endpoints import delete_webhook
from dashboard.webhooks.operations.promising import LONGEST_WAIT
from dashboard.webhooks.operations.promising import promise
from dashboard.webhooks.operations.resending import resend
from dashboard.webhooks.operations.resending import retry_message
from dashboard.webhooks.queries import deliveries as queries
from dashboard.webhooks.queries.deliveries import PAGE
from dashboard.webhooks.queries.deliveries import Wanted
from dashboard.webhooks.queries.deliveries import deliveries_page
from dashboard.webhooks.schemas.deliveries import PROBLEMS
from dashboard.webhooks.schemas.samples import sample_of
from dashboard.wiring import JOBS
from dashboard.wiring import PERIODIC
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.deliveries import make_delivery
from tests.support.deliveries import make_webhook
from tests.support.factories import make_bot
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.factories import together
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted
from tests.support.receivers import receiving

pytestmark = pytest.mark.database


@pytest.fixture
def webhook(cast: Cast) -> Endpoint:
    return make_webhook(cast.acme)


@pytest.fixture
def home(cast: Cast, page: Page, webhook: Endpoint) -> str:
    page.sign_in(cast.ada)
    return home_of(webhook)


def home_of(endpoint: Endpoint) -> str:
    account = endpoint.account_id
    return f"/accounts/{account}/settings/integrations/webhooks/{endpoint.id}/deliveries"


def shown(page: Page) -> list[int]:
    return [int(str(row["id"]).removeprefix("delivery-")) for row in page.html.select("tbody tr")]


def failed(endpoint: Endpoint, event: str = "message_created", **fields: Any) -> Delivery:
    told = {"state": "failed", "attempts": 8, "code": 500, "sent_at": clock.now(), "took": 12, **fields}
    return make_delivery(endpoint, event, **told)


def test_every_door_asks_who_is_there(page: Page, cast: Cast, webhook: Endpoint) -> None:
    home, delivery = home_of(webhook), failed(webhook)

    for path in (home, f"{home}/{delivery.id}", f"{home}/resend"):
        ask_the_ladder(page, cast, "GET", path)
    for path in (f"{home}/{delivery.id}/resend", f"{home}/resend"):
        ask_the_ladder(page, cast, "POST", path)


def test_a_strangers_deliveries_do_not_exist(page: Page, cast: Cast, home: str) -> None:
    foreign = make_webhook(cast.other)
    theirs = failed(foreign)
    here = f"/accounts/{cast.acme.id}/settings/integrations/webhooks/{foreign.id}/deliveries"

    page.get(here, expect=404)
    page.get(f"{here}/{theirs.id}", expect=404)
    page.get(f"{home}/{theirs.id}", expect=404)
    page.post(f"{home}/{theirs.id}/resend", expect=404)
    page.post(f"{home}/resend", {"delivery": [theirs.id, "x", "9" * 30]})

    assert "Nothing was sent again." in page.follow().get_text()
    assert db.session.get_one(Delivery, theirs.id).state == "failed"


def test_the_list_has_the_newest_first_and_says_how_each_stands(
    page: Page, cast: Cast, webhook: Endpoint, home: str
) -> None:
    conversation = make_conversation(cast.inbox)
    done = make_delivery(webhook, state="done", code=200, attempts=1, conversation=conversation)
    lost = failed(webhook, "contact_created", code=None, error="refused")
    waiting = make_delivery(webhook, "inbox_updated")

    page.get(home)

    assert shown(page) == [waiting.id, lost.id, done.id]
    first, second, third = (" ".join(row.get_text().split()) for row in page.html.select("tbody tr"))
    assert "inbox_updated" in first and "Waiting" in first
    assert "Failed The connection was refused" in second
    assert "Delivered 200 OK" in third
    address = f"/accounts/{cast.acme.id}/conversations/{conversation.display_id}"
    assert page.html.find("a", href=address)


FOUND = {
    "state=failed": ["lost", "rare"],
    "state=waiting": ["waiting"],
    "state=done": ["done"],
    "event=inbox_updated": ["waiting", "rare"],
    "state=failed&event=inbox_updated": ["rare"],
    "q=%23NUMBER": ["waiting", "done"],
    "q=NUMBER&state=done": ["done"],
    "q=UUID": ["lost"],
    "q=WAITING": ["waiting"],
    "q=7777777": [],
    "q=999999999999999999999999999": [],
    "q=nonsense%00": [],
    "state=nonsense&event=nonsense": ["waiting", "rare", "lost", "done"],
}


def test_it_is_narrowed_down(page: Page, cast: Cast, webhook: Endpoint, home: str) -> None:
    other, conversation = make_webhook(cast.acme, "https://b.example/"), make_conversation(cast.inbox)
    made = {
        "done": make_delivery(webhook, state="done", code=200, conversation=conversation),
        "lost": failed(webhook),
        "rare": failed(webhook, "inbox_updated"),
        "waiting": make_delivery(webhook, "inbox_updated", conversation=conversation),
    }
    failed(other, conversation=conversation)
    words = {"NUMBER": str(conversation.display_id), "UUID": made["lost"].uuid.upper()}
    words["WAITING"] = made["waiting"].uuid

    for query, expected in FOUND.items():
        for word, value in words.items():
            query = query.replace(word, value)
        page.get(f"{home}?{query}")
        assert set(shown(page)) == {made[name].id for name in expected}, query
        assert sorted(shown(page), reverse=True) == shown(page)
        assert ("No delivery like that" in page.html.get_text()) == (not expected)


def test_the_number_of_another_accounts_conversation_finds_nothing(
    page: Page, cast: Cast, webhook: Endpoint, home: str
) -> None:
    conversation = make_conversation(cast.inbox)
    make_delivery(webhook, conversation=conversation)
    conversation.account_id = cast.other.id

    page.get(f"{home}?q={conversation.display_id}")

    assert shown(page) == []


def test_it_is_read_in_pages_with_the_same_number_of_queries(
    page: Page, cast: Cast, webhook: Endpoint, home: str
) -> None:
    with together():
        made = [failed(webhook, conversation=make_conversation(cast.inbox)) for _ in range(PAGE + 5)]

    end = made[5].id
    with counted() as few:
        page.get(f"{home}?before={end}")
    assert len(shown(page)) == 5
    with counted() as many:
        page.get(f"{home}?state=failed")
    older = page.html.find("a", rel="next")

    assert older is not None
    assert len(shown(page)) == PAGE
    # who asks, the receiver, the page, its end, conversations, what was given up, the rest
    assert many.number <= few.number <= 7
    page.get(str(older["href"]))
    assert shown(page) == [each.id for each in reversed(made[:5])]
    assert page.html.find("a", rel="next") is None


def test_no_page_looks_at_more_than_it_should(
    page: Page, webhook: Endpoint, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOKED_AT", 3)
    with together():
        old = failed(webhook, "inbox_created")
        for _ in range(4):
            failed(webhook)

    page.get(f"{home}?event=inbox_created")

    assert shown(page) == []
    assert "Older ones were not looked at yet." in page.html.get_text()
    further = page.html.find("a", rel="next")
    assert further is not None
    page.get(str(further["href"]))
    assert shown(page) == [old.id]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "ix_deliveries_endpoint"),
        (Wanted(state="failed"), "ix_deliveries_failed"),
        (Wanted(q="5"), "ix_deliveries_lane_ended"),
        (Wanted(q="0f8fad5b-d9cb-469f-a165-70867728950e"), "ix_deliveries_uuid"),
    ],
)
def test_every_list_has_its_index(webhook: Endpoint, wanted: Wanted, index: str) -> None:
    is_sqlite = db.engine.dialect.name == "sqlite"
    with counted() as asked:
        deliveries_page(webhook, wanted)
    (query,) = [each for each in asked if "FROM deliveries" in each and "count" not in each]
    if not is_sqlite:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    window = queries._window(webhook, wanted)
    assert window is not None
    sql = str(window.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = db.session.execute(text(("EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN ") + sql)).all()

    assert index in str(plan), query
    assert "SCAN deliveries" not in str(plan)


def test_one_is_shown_with_all_that_is_known(page: Page, cast: Cast, webhook: Endpoint, home: str) -> None:
    conversation = make_conversation(cast.inbox)
    began = clock.now() - timedelta(minutes=10)
    delivery = failed(
        webhook,
        told={"content": "Grüße"},
        conversation=conversation,
        code=503,
        took=1234,
        answer="Down for maintenance",
        attempts=2,
        history=[{"sent_at": clock.iso(began), "took": 20, "code": None, "error": "timeout"}],
    )

    html = page.get(f"{home}/{delivery.id}")
    said = " ".join(html.get_text().split())

    request = html.select_one("#request")
    assert request is not None
    assert f"POST {webhook.url}" in request.get_text()
    assert f"X-Chatwoot-Delivery: {delivery.uuid}" in request.get_text()
    assert delivery.sent_at is not None
    assert f"X-Chatwoot-Timestamp: {clock.epoch(delivery.sent_at)}" in request.get_text()
    body = html.select_one("#body").get_text()  # type: ignore[union-attr]
    assert '\n  "content": "Grüße",\n' in body
    assert json.loads(body) == json.loads(delivery.notice.body)
    assert html.select_one("#answer").get_text() == "Down for maintenance"  # type: ignore[union-attr]
    assert "503 Service Unavailable" in said and "Something is wrong at the receiver" in said
    assert "1.2 sec" in said
    assert "There was no answer in time" in said
    assert "The desk does not try it again by itself." in said
    assert f"Conversation #{conversation.display_id}" in said


def test_a_body_with_markup_stays_text(page: Page, webhook: Endpoint, home: str) -> None:
    evil = "</code></pre><script>alert(1)</script>\u202egnp.exe\u0000"
    delivery = failed(
        webhook, told={"content": evil}, answer=f"<img src=x onerror=alert(1)>\x1b[2J{evil[:-1]}\x85"
    )

    html = page.get(f"{home}/{delivery.id}")

    assert not [script for script in html.find_all("script") if "alert" in script.get_text()]
    assert not html.find_all("img", src="x")
    told = html.select_one("#body").get_text() + html.select_one("#answer").get_text()  # type: ignore[union-attr]
    assert "<script>alert(1)</script>\\u202egnp.exe\\u0000" in told
    assert "<img src=x onerror=alert(1)>\\u001b[2J" in told
    assert "\\u0085" in told
    assert not {"\u202e", "\x1b", "\x85"} & set(page.response.text)  # type: ignore[union-attr]


def test_a_body_that_is_large_is_shown_by_its_beginning(page: Page, webhook: Endpoint, home: str) -> None:
    delivery = failed(webhook, told={"content": "y" * 150_000})

    html = page.get(f"{home}/{delivery.id}")

    assert "This is its beginning." in html.get_text()
    assert len(page.response.text) < 120_000  # type: ignore[union-attr]


SENTENCES: list[tuple[dict[str, Any], str, str]] = [
    ({"state": "done", "code": 200}, "", "It has arrived; nothing more happens."),
    ({"lease": "x", "due": 60}, "", "It is being sent just now."),
    ({"due": -1}, "", "It is sent in a moment."),
    ({"due": 240}, "", "It waits for an earlier event"),
    ({"due": 240, "attempts": 3, "code": 429}, "", "The desk tries for a day"),
    ({"due": -1}, "person", "It waits until the webhook is resumed."),
]


def test_it_says_what_the_desk_will_do(page: Page, webhook: Endpoint, home: str) -> None:
    for fields, paused, sentence in SENTENCES:
        due_at = clock.now() + timedelta(seconds=fields.get("due", 0))
        known = {name: value for name, value in fields.items() if name != "due"}
        delivery = make_delivery(webhook, due_at=due_at, **known)
        webhook.paused_by = paused

        html = page.get(f"{home}/{delivery.id}")

        assert sentence in html.get_text()
        assert ("paused: nothing is sent" in html.get_text()) == bool(paused)


def test_only_one_that_waits_asks_how_it_goes(page: Page, webhook: Endpoint, home: str) -> None:
    waiting, done = make_delivery(webhook), make_delivery(webhook, state="done", code=200)

    part = page.get(f"{home}/{waiting.id}", headers={"HX-Request": "true"}).select_one("#delivery")
    assert part is not None
    assert (part["hx-get"], part["hx-trigger"], part["data-module"]) == (
        f"{home}/{waiting.id}",
        "look",
        "refresh",
    )
    assert page.html.find("h1") is None

    part = page.get(f"{home}/{done.id}").select_one("#delivery")
    assert part is not None
    assert not {"hx-get", "data-module", "data-seconds"} & set(part.attrs)


def test_one_is_sent_again_from_the_beginning_under_its_number(
    page: Page, webhook: Endpoint, home: str
) -> None:
    delivery = failed(webhook, answer="no", created_at=clock.now() - timedelta(days=3))
    uuid, body = delivery.uuid, delivery.notice.body
    page.get(f"{home}/{delivery.id}")

    page.submit(f'form[action="{home}/{delivery.id}/resend"]')

    assert "1 delivery is sent again." in page.follow().get_text()
    again = db.session.get_one(Delivery, delivery.id)
    assert (again.state, again.attempts, again.code, again.answer) == ("waiting", 0, None, None)
    assert (again.uuid, again.notice.body) == (uuid, body)
    assert again.created_at > clock.now() - timedelta(minutes=1)
    assert [(each["code"], each["took"]) for each in again.history] == [(500, 12)]


def test_what_is_on_its_way_just_now_is_not_sent_twice(webhook: Endpoint, cast: Cast) -> None:
    due_at = clock.now() + timedelta(seconds=60)
    delivery = make_delivery(webhook, lease="worker", due_at=due_at, attempts=1)

    assert resend([delivery.id], actor=cast.ada) == 0
    assert (delivery.lease, delivery.attempts) == ("worker", 1)

    clock.shift(timedelta(seconds=61))  # whoever had it is taken for dead
    assert resend([delivery.id], actor=cast.ada) == 1
    assert delivery.lease is None


def test_those_of_one_conversation_go_in_order(webhook: Endpoint, cast: Cast) -> None:
    one, other = make_conversation(cast.inbox), make_conversation(cast.inbox)
    first, second = failed(webhook, conversation=one), failed(webhook, conversation=one)
    elsewhere = failed(webhook, conversation=other)

    resend([elsewhere.id, second.id, first.id], actor=cast.ada)

    now = clock.now()
    assert first.due_at <= now and elsewhere.due_at <= now
    assert now < second.due_at <= now + LONGEST_WAIT


def test_those_that_are_ticked_are_sent_again(page: Page, webhook: Endpoint, home: str) -> None:
    made = [failed(webhook) for _ in range(3)]
    page.get(f"{home}?state=failed")

    page.submit("#bulk", {"delivery": [made[0].id, made[2].id]})

    assert page.response is not None
    assert page.response.headers["Location"].endswith(f"{home}?state=failed")
    assert "2 deliveries are sent again." in page.follow().get_text()
    assert [each.state for each in made] == ["waiting", "failed", "waiting"]


def test_all_that_match_are_sent_again_up_to_a_limit_that_is_said(
    page: Page, webhook: Endpoint, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.webhooks.views.deliveries.MOST_AT_ONCE", 2)
    made = [failed(webhook) for _ in range(3)]
    other = failed(webhook, "inbox_updated")
    done = make_delivery(webhook, state="done", code=200)
    page.get(f"{home}?state=failed&event=message_created")
    link = page.html.select_one(".deliveries-bar a")
    assert link is not None

    html = page.get(str(link["href"]))
    assert "Send 2 deliveries again?" in html.get_text()
    assert "at most 2 go at a time" in html.get_text()
    page.submit(".confirm")

    assert "2 deliveries are sent again." in page.follow().get_text()
    assert [each.state for each in (*made, other, done)] == ["failed", "waiting", "waiting", "failed", "done"]


def test_a_paused_one_says_that_it_is_paused(page: Page, webhook: Endpoint, home: str) -> None:
    webhook.paused_by = "person"
    delivery = failed(webhook)

    page.post(f"{home}/{delivery.id}/resend")

    said = page.follow().get_text()
    assert "1 delivery waits: it is sent when the webhook is resumed." in said
    assert "It is paused: nothing is sent." in said


def test_callbacks_of_inboxes_have_them_too(page: Page, cast: Cast, home: str) -> None:
    cast.inbox.webhook_url = "https://bridge.example/hook"
    anchor = make_webhook(cast.acme, None, kind="inbox", inbox_id=cast.inbox.id, name="")
    delivery = failed(anchor)

    page.get(f"/accounts/{cast.acme.id}/settings/inboxes/{cast.inbox.id}")
    assert page.html.find("a", href=home_of(anchor))
    page.get(home_of(anchor))
    assert "Callback of Website" in page.html.get_text()
    assert shown(page) == [delivery.id]
    assert page.html.find("a", href=f"/accounts/{cast.acme.id}/settings/inboxes/{cast.inbox.id}")
    page.get(f"{home_of(anchor)}/{delivery.id}")
    assert "POST https://bridge.example/hook" in page.html.get_text()
    assert cast.inbox.secret not in page.html.get_text()

    cast.inbox.deleted_at = clock.now()
    page.get(home_of(anchor), expect=404)


def test_bots_have_them_too(page: Page, cast: Cast, home: str) -> None:
    bot = make_bot(cast.acme, name="Greeter", outgoing_url="https://bot.example/hook")
    anchor = make_webhook(cast.acme, None, kind="bot", bot_id=bot.id, name="")
    failed(anchor)

    page.get(f"/accounts/{cast.acme.id}/settings/bots/{bot.id}")
    assert page.html.find("a", href=home_of(anchor))
    page.get(home_of(anchor))
    assert "Greeter" in page.html.get_text()
    assert page.html.find("a", href=f"/accounts/{cast.acme.id}/settings/bots/{bot.id}")


def test_an_agent_sends_a_message_that_failed_again(webhook: Endpoint, cast: Cast) -> None:
    callback = make_webhook(cast.acme, None, kind="inbox", inbox_id=cast.inbox.id)
    conversation = make_conversation(cast.inbox)
    message = make_message(conversation, "Hi", message_type="outgoing", status="failed")
    delivery = failed(callback, conversation=conversation, message_id=message.id)
    elsewhere = failed(webhook, conversation=conversation)

    retry_message(message, actor=cast.bo)

    assert (message.status, delivery.state, elsewhere.state) == ("sent", "waiting", "failed")
    assert [each["code"] for each in delivery.history] == [500]


def test_what_failed_arrives_when_it_is_sent_again(
    page: Page, cast: Cast, webhook: Endpoint, home: str, jobs: Jobs
) -> None:
    outgoing.allow((ip_network("127.0.0.0/8"),))
    with receiving() as receiver:
        webhook.url, receiver.status = receiver.url(), 400
        conversation = make_conversation(cast.inbox)
        promise(
            sample_of("message_created"),
            account_id=cast.acme.id,
            to=[webhook],
            subject=f"c{conversation.id}",
        )
        jobs.run_all()
        page.get(f"{home}?state=failed&q={conversation.display_id}")
        (number,) = shown(page)
        page.get(f"{home}/{number}")
        assert "400 Bad Request" in page.html.get_text()

        receiver.status = 200
        page.submit(f'form[action="{home}/{number}/resend"]')
        jobs.run_all()

        first, second = receiver.received
        assert first.body == second.body
        assert first.headers["x-chatwoot-delivery"] == second.headers["x-chatwoot-delivery"]
        assert "200 OK" in page.follow().get_text()
        request = page.html.select_one("#request")
        assert request is not None
        for name in ("content-type", "accept", "user-agent", "x-chatwoot-delivery", "x-chatwoot-timestamp"):
            assert f"{name}: {second.headers[name]}" in request.get_text().replace(name.title(), name)
        assert webhook.secret not in page.html.get_text()
    outgoing.allow(())


def test_what_is_older_than_thirty_days_is_forgotten_in_slices(
    cast: Cast, webhook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "BATCH", 2)
    with together():
        for _ in range(5):
            failed(webhook)
    clock.shift(timedelta(days=29))
    young = failed(webhook)
    JOBS["webhooks.tidy_up"]()
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 6

    clock.shift(timedelta(days=30, seconds=1))
    with counted() as queries:
        JOBS["webhooks.tidy_up"]()

    assert db.session.scalars(select(Delivery.id)).all() == [young.id]
    assert db.session.scalars(select(Notice.id)).all() == [young.notice_id]
    assert len([each for each in queries if each.startswith("DELETE")]) == 3
    assert PERIODIC["webhooks.tidy_up"] <= timedelta(days=1)


def test_a_webhook_is_deleted_with_its_deliveries_in_slices(
    cast: Cast, webhook: Endpoint, page: Page, home: str, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "BATCH", 2)
    other = make_webhook(cast.acme, "https://b.example/")
    with together():
        kept = failed(other)
        for _ in range(3):
            failed(webhook)

    delete_webhook(webhook, actor=cast.ada)
    page.get(home, expect=404)
    with counted() as queries:
        jobs.run_all()

    assert db.session.scalars(select(Endpoint.id)).all() == [other.id]
    assert db.session.scalars(select(Delivery.id)).all() == [kept.id]
    assert len([each for each in queries if each.startswith("DELETE FROM deliveries")]) == 2


def test_an_inbox_is_deleted_with_its_deliveries_in_slices(
    cast: Cast, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "BATCH", 2)
    callback = make_webhook(cast.acme, None, kind="inbox", inbox_id=cast.inbox.id)
    with together():
        for _ in range(3):
            failed(callback)
    delete_inbox(cast.inbox, actor=cast.ada)

    with counted() as queries:
        jobs.run_all()

    assert db.session.scalars(select(Endpoint.id)).all() == []
    assert len([each for each in queries if each.startswith("DELETE FROM deliveries")]) == 2


def test_what_has_no_receiver_any_more_is_forgotten(
    cast: Cast, webhook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "BATCH", 2)
    other = make_webhook(cast.acme, "https://b.example/")
    with together():
        for number in range(7):
            failed(other if number % 3 else webhook)
    db.session.delete(other)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 7

    JOBS["webhooks.sweep"]()

    kept = db.session.scalars(select(Notice.id)).all()
    assert set(kept) == set(db.session.scalars(select(Delivery.notice_id)))
    assert len(kept) == 3
    assert PERIODIC["webhooks.sweep"] <= timedelta(days=1)


def test_an_empty_list_says_what_will_stand_there(page: Page, home: str) -> None:
    assert "Nothing was sent yet" in page.get(home).get_text()


def test_every_word_for_a_failure_has_its_sentence() -> None:
    assert PROBLEMS == outgoing.SENTENCES
