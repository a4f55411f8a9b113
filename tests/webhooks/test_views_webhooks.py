"""Settings → Integrations → Webhooks: which servers are told of what, and how it goes with them."""

import logging
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from dashboard.extensions import db
from dashboard.lib import clock
from dashboard.lib import outgoing
from dashboard.webhooks.models import Delivery
from dashboard.webhooks.models import Endpoint
from dashboard.webhooks.queries.endpoints import webhooks_of
from dashboard.webhooks.schemas.names import SUBSCRIPTIONS
from dashboard.webhooks.schemas.webhooks import MOST_WEBHOOKS
from tests.support.apps import Jobs
from tests.support.cast import Cast
from tests.support.deliveries import make_delivery
from tests.support.factories import make_webhook
from tests.support.ladder import ask_the_ladder
from tests.support.page import Page
from tests.support.queries import counted

INTEGRATIONS = "/accounts/{account}/settings/integrations"
WEBHOOKS = f"{INTEGRATIONS}/webhooks"
DOORS = [
    ("GET", WEBHOOKS),
    ("GET", f"{WEBHOOKS}/new"),
    ("POST", f"{WEBHOOKS}/new"),
    ("GET", f"{WEBHOOKS}/1"),
    ("POST", f"{WEBHOOKS}/1"),
    ("GET", f"{WEBHOOKS}/1/removal"),
    ("POST", f"{WEBHOOKS}/1/removal"),
    ("POST", f"{WEBHOOKS}/1/pause"),
    ("POST", f"{WEBHOOKS}/1/resumption"),
    ("POST", f"{WEBHOOKS}/1/secret"),
    ("POST", f"{WEBHOOKS}/1/secret/takeover"),
    ("POST", f"{WEBHOOKS}/1/test"),
]
FORM = "main form.panel"
URL = "https://hooks.example.com/desk"
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def home(page: Page, cast: Cast) -> str:
    page.sign_in(cast.ada)
    return WEBHOOKS.format(account=cast.acme.id)


def text_of(html: Any) -> str:
    return " ".join(html.get_text(" ").split())


def given_up(cast: Cast, **fields: Any) -> Endpoint:
    day = timedelta(days=1)
    state = {"paused_by": "failures", "paused_at": clock.now(), "failing_since": clock.now() - day}
    return make_webhook(cast.acme, **{"name": "Orders", "failures": 31, **state, **fields})


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_every_door_asks_who_is_there(page: Page, cast: Cast, method: str, path: str) -> None:
    ask_the_ladder(page, cast, method, path)


@pytest.mark.parametrize(("method", "path"), DOORS[3:])
def test_one_of_another_account_does_not_exist(
    page: Page, cast: Cast, home: str, method: str, path: str
) -> None:
    theirs = make_webhook(cast.other, name="Theirs")
    callback = make_webhook(cast.acme, kind="inbox", inbox_id=cast.inbox.id, url=None)
    secret = theirs.secret

    for known in (theirs, callback):
        address = home + path.removeprefix(WEBHOOKS).replace("/1", f"/{known.id}")
        if method == "GET":
            page.get(address, expect=404)
        else:
            page.post(address, {"event": "message_created"}, expect=404)

    db.session.refresh(theirs)
    assert (theirs.name, theirs.secret, theirs.paused_by) == ("Theirs", secret, "")
    assert db.session.query(Delivery).count() == 0


def test_an_account_without_webhooks_is_told_what_they_are(page: Page, cast: Cast, home: str) -> None:
    assert "There are no webhooks configured for this account." in text_of(page.get(home))

    card = page.get(INTEGRATIONS.format(account=cast.acme.id)).select_one("[aria-labelledby=card-webhooks]")
    assert card.select_one("a")["href"] == home
    assert card.select_one(".badge") is None


def test_the_list_says_how_it_goes_with_each(page: Page, cast: Cast, home: str) -> None:
    make_webhook(cast.acme, "message_created", name="Fine")
    make_webhook(cast.acme, name="Slow", failures=2, failing_since=clock.now())
    make_webhook(cast.acme, name="Quiet", paused_by="person", paused_at=clock.now(), seen_at=clock.now())
    given_up(cast, name="Gone", url="http://gone.example/x")
    make_webhook(cast.other, name="Theirs")

    rows = [text_of(row) for row in page.get(home).select("tbody tr")]

    marks = {"Fine": "Works", "Slow": "Failing", "Quiet": "Paused by an administrator"}
    marks["Gone"] = "Paused by the desk"
    assert [row.split()[0] for row in rows] == list(marks)
    for row, (name, mark) in zip(rows, marks.items(), strict=True):
        assert mark in row, name
    assert "1 event " in rows[0] and "12 events" in rows[1]
    assert "since" in rows[1] and "http://gone.example/x http" in rows[3]
    card = page.get(INTEGRATIONS.format(account=cast.acme.id)).select_one("[aria-labelledby=card-webhooks]")
    assert "4 webhooks" in text_of(card)


def test_more_webhooks_ask_the_database_no_more(page: Page, cast: Cast, home: str) -> None:
    make_webhook(cast.acme)
    page.get(home)
    with counted() as few:
        page.get(home)
    for _ in range(5):
        make_webhook(cast.acme, inbox_id=cast.inbox.id)
    with counted() as many:
        page.get(home)

    assert len(many) == len(few)


def test_adding_one_leads_to_its_secret(page: Page, cast: Cast, home: str) -> None:
    html = page.get(f"{home}/new")
    assert [box["value"] for box in html.select("input[name=subscriptions]")] == list(SUBSCRIPTIONS)
    assert not html.select("input[name=subscriptions][checked]")
    assert len(html.select("fieldset .check .field-hint")) == len(SUBSCRIPTIONS)

    fields = {"name": "Orders", "url": f" {URL} ", "subscriptions": ["message_created", "contact_created"]}
    page.submit(FORM, fields)

    webhook = webhooks_of(cast.acme.id)[0]
    assert (webhook.name, webhook.url) == ("Orders", URL)
    assert webhook.events == ["message_created", "contact_created"]
    html = page.follow()
    assert "Here is its secret." in text_of(html.select_one("#toasts"))
    secret = html.select_one("#secret")
    assert (secret["value"], secret["type"]) == (webhook.secret, "password")
    assert page.response.headers["Cache-Control"] == "no-store"
    assert webhook.secret not in str(page.get(home))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"url": ""}, "Please enter a valid URL."),
        ({"url": "hooks.example.com"}, "The address must start with http:// or https://."),
        ({"url": "https://me@hooks.example.com/"}, "user name or password"),
        ({"url": f"{URL}/{{{{contact.id}}}}"}, "A callback address has no placeholders."),
        ({"url": f"{URL}?{'x' * 2048}"}, "The address is longer than 2048 characters."),
        ({"subscriptions": []}, "Choose at least one event."),
        ({"subscriptions": ["message_created", "x"]}, "Choose some of the list."),
        ({"name": "x" * 256}, "Use at most 255 characters."),
        ({"url": "https://taken.example/"}, "Has already been taken"),
    ],
)
def test_what_was_typed_is_kept_and_says_what_is_wrong(
    page: Page, cast: Cast, home: str, fields: dict[str, Any], sentence: str
) -> None:
    make_webhook(cast.acme, url="https://taken.example/")
    webhook = make_webhook(cast.acme, "message_updated", name="Before", url="https://before.example/")
    sent = {"name": "Shop", "url": URL, "subscriptions": ["message_created"], **fields}

    for path in (f"{home}/new", f"{home}/{webhook.id}"):
        html = page.post(path, sent, expect=422)
        assert sentence in text_of(html.select_one(".field-error"))
        assert html.select_one("input[name=name]")["value"] == sent["name"]
        assert html.select_one("input[name=url]")["value"] == sent["url"]
        ticked = [box["value"] for box in html.select("input[name=subscriptions][checked]")]
        assert ticked == [name for name in sent["subscriptions"] if name in SUBSCRIPTIONS]

    db.session.refresh(webhook)
    assert (webhook.name, webhook.url) == ("Before", "https://before.example/")
    assert len(webhooks_of(cast.acme.id)) == 2


def test_there_is_an_end_to_how_many(page: Page, cast: Cast, home: str) -> None:
    for _ in range(MOST_WEBHOOKS):
        make_webhook(cast.acme)

    html = page.post(f"{home}/new", {"url": URL, "subscriptions": ["message_created"]}, expect=422)

    assert "at most 50 webhooks" in text_of(html.select_one("[role=alert]"))


@pytest.mark.parametrize(
    ("url", "warnings"),
    [
        ("https://hooks.example.com/", []),
        ("http://hooks.example.com/", ["Not encrypted"]),
        ("http://10.0.0.7/", ["Not encrypted", "private network"]),
        ("https://[fd00::1]/", ["private network"]),
        ("http://localhost:3000/", ["private network"]),
    ],
)
def test_it_warns_of_what_may_not_work(
    page: Page, cast: Cast, home: str, url: str, warnings: list[str]
) -> None:
    outgoing.allow(())
    webhook = make_webhook(cast.acme, url=url)

    said = [text_of(each) for each in page.get(f"{home}/{webhook.id}").select(".field-warning")]

    assert len(said) == len(warnings)
    assert all(part in each for part, each in zip(warnings, said, strict=True))


def test_it_does_not_warn_of_what_is_allowed(page: Page, cast: Cast, home: str) -> None:
    outgoing.allow((ip_network("127.0.0.0/8"),))
    webhook = make_webhook(cast.acme, url="https://localhost:3000/")

    assert not page.get(f"{home}/{webhook.id}").select(".field-warning")


def test_changing_one(page: Page, cast: Cast, home: str) -> None:
    webhook = make_webhook(cast.acme, "message_created", name="Orders", secret="known")

    html = page.get(f"{home}/{webhook.id}")
    assert [box["value"] for box in html.select("input[name=subscriptions][checked]")] == ["message_created"]
    page.submit(FORM, {"name": "", "subscriptions": ["contact_updated"]})

    db.session.refresh(webhook)
    assert (webhook.name, webhook.events, webhook.secret) == ("", ["contact_updated"], "known")
    assert f"“{webhook.url}” is saved." in text_of(page.follow().select_one("#toasts"))


def test_deleting_one_asks_first_and_takes_its_deliveries(
    page: Page, cast: Cast, home: str, jobs: Jobs
) -> None:
    webhook = make_webhook(cast.acme)
    page.post(f"{home}/{webhook.id}/test", {"event": "message_created"})

    html = page.get(f"{home}/{webhook.id}/removal")
    webhook_url = webhook.url
    assert webhook_url in text_of(html.select_one("h1"))
    assert len(webhooks_of(cast.acme.id)) == 1

    page.submit("form.confirm")
    assert webhooks_of(cast.acme.id) == []
    page.get(f"{home}/{webhook.id}", expect=404)
    make_webhook(cast.acme, webhook_url)  # the address is free at once
    jobs.run_all()
    assert db.session.query(Delivery).count() == 0


def test_pausing_and_going_on(page: Page, cast: Cast, home: str) -> None:
    webhook = make_webhook(cast.acme, failures=3, failing_since=clock.now())
    one = f"{home}/{webhook.id}"
    assert "Nothing arrives there" in text_of(page.get(one))

    page.submit(f"form[action$='{webhook.id}/pause']")
    db.session.refresh(webhook)
    assert webhook.paused_by == "person"
    html = page.follow()
    assert "An administrator has paused this webhook" in text_of(html)
    assert html.select_one(f"form[action$='{webhook.id}/test']") is None

    page.submit(f"form[action$='{webhook.id}/resumption']")
    db.session.refresh(webhook)
    assert (webhook.paused_by, webhook.paused_at, webhook.failures) == ("", None, 0)
    assert webhook.failing_since is None
    assert "paused" not in text_of(page.follow().select_one("main"))


def test_what_is_no_news_any_more_is_not_sent_when_it_goes_on(page: Page, cast: Cast, home: str) -> None:
    webhook, hour = given_up(cast), timedelta(hours=1)
    old = make_delivery(webhook, created_at=clock.now() - 25 * hour)
    young = make_delivery(webhook, created_at=clock.now() - 23 * hour)
    done = make_delivery(webhook, created_at=clock.now() - 25 * hour, state="done")
    others = make_delivery(make_webhook(cast.acme), created_at=clock.now() - 25 * hour)

    page.post(f"{home}/{webhook.id}/resumption")

    known = (old, young, done, others)
    for each in known:
        db.session.refresh(each)
    assert [each.state for each in known] == ["failed", "waiting", "done", "waiting"]
    assert "Failed" in text_of(page.get(f"{home}/{webhook.id}/deliveries/{old.id}"))


def test_administrators_are_told_of_one_that_was_given_up_until_somebody_looks(
    page: Page, cast: Cast, home: str
) -> None:
    webhook, settings = given_up(cast), f"/accounts/{cast.acme.id}/settings"
    db.session.query(Endpoint).filter_by(id=given_up(cast, name="Theirs").id).update(
        {"account_id": cast.other.id}
    )

    for path in (f"{settings}/agents", "/profile"):
        html = page.get(path)
        banner = html.select_one("main .notice")
        assert "The desk has paused a webhook" in text_of(banner)
        assert banner.select_one("a")["href"] == f"{home}/{webhook.id}"
        assert html.select_one(f".settings-menu a[href='{home}'] .badge").get_text() == "1"
    page.sign_in(cast.bo)
    assert page.get("/profile").select_one(".notice") is None

    page.sign_in(cast.ada)
    html = page.get(f"{home}/{webhook.id}")
    assert [text_of(each) for each in html.select("main .notice strong")] == [
        "The desk has paused this webhook"
    ]
    db.session.refresh(webhook)
    assert webhook.seen_at is not None

    html = page.get(f"{settings}/agents")
    assert html.select_one(".notice") is None
    assert html.select_one(f".settings-menu a[href='{home}'] .badge") is None
    assert "Paused by the desk" in text_of(page.get(home))


def test_while_a_new_secret_is_taken_up_both_are_there(page: Page, cast: Cast, home: str) -> None:
    webhook = make_webhook(cast.acme)
    one, first = f"{home}/{webhook.id}", webhook.secret
    page.get(one)

    page.submit(f"form[action$='{webhook.id}/secret']")
    db.session.refresh(webhook)
    second = webhook.secret
    assert (webhook.old_secret, second == first) == (first, False)
    html = page.follow()
    assert (html.select_one("#secret")["value"], html.select_one("#old-secret")["value"]) == (second, first)
    assert "X-Deskframe-Signature-Next" in text_of(html)

    page.post(f"{one}/secret")
    assert "Two secrets sign already." in text_of(page.follow().select_one("#toasts"))
    db.session.refresh(webhook)
    assert (webhook.secret, webhook.old_secret) == (second, first)

    clock.shift(timedelta(hours=23))
    assert page.get(one).select_one("#old-secret")
    clock.shift(timedelta(hours=25))
    assert page.get(one).select_one("#old-secret") is None


def test_the_new_secret_can_be_used_at_once(page: Page, cast: Cast, home: str) -> None:
    webhook = make_webhook(cast.acme)
    page.post(f"{home}/{webhook.id}/secret")
    page.follow()

    page.submit(f"form[action$='{webhook.id}/secret/takeover']")

    db.session.refresh(webhook)
    assert (webhook.old_secret, webhook.old_secret_until) == (None, None)
    assert page.follow().select_one("#old-secret") is None


def test_a_test_event_is_a_delivery_like_any_other(page: Page, cast: Cast, home: str) -> None:
    webhook = make_webhook(cast.acme)

    for event in SUBSCRIPTIONS:
        page.post(f"{home}/{webhook.id}/test", {"event": event})

    told = db.session.query(Delivery).order_by(Delivery.id).all()
    assert [each.notice.event for each in told] == list(SUBSCRIPTIONS)
    for each in told:
        assert (each.endpoint_id, each.state) == (webhook.id, "waiting")
        assert '"test":true' in each.notice.body
    assert page.response.headers["Location"] == f"{home}/{webhook.id}/deliveries/{told[-1].id}"
    assert "A test event is on its way." in text_of(page.follow().select_one("#toasts"))
    list_of_them = page.get(f"{home}/{webhook.id}/deliveries")
    assert list_of_them.select_one(".crumb")["href"] == f"{home}/{webhook.id}"


def test_two_test_events_do_not_wait_for_one_another(page: Page, cast: Cast, home: str) -> None:
    webhook = make_webhook(cast.acme)

    for _ in range(2):
        page.post(f"{home}/{webhook.id}/test", {"event": "message_created"})

    assert all(delivery.due_at <= clock.now() for delivery in db.session.query(Delivery))


def test_a_test_event_must_be_one_that_it_is_told_of(page: Page, cast: Cast, home: str) -> None:
    webhook = make_webhook(cast.acme, "message_created")
    quiet = make_webhook(cast.acme, paused_by="person", paused_at=clock.now())

    for known, event, sentence in (
        (webhook, "contact_created", "This webhook is not told of such events."),
        (webhook, "", "This webhook is not told of such events."),
        (quiet, "message_created", "Nothing is sent to a paused webhook."),
    ):
        page.post(f"{home}/{known.id}/test", {"event": event})
        assert sentence in text_of(page.follow().select_one("#toasts"))

    assert db.session.query(Delivery).count() == 0


def test_names_and_addresses_with_markup_stay_text(page: Page, cast: Cast, home: str) -> None:
    webhook = given_up(cast, name=MARKUP, url="https://a.example/?<b>")

    for path in (f"{home}", f"{home}/{webhook.id}/removal", f"/accounts/{cast.acme.id}/settings/agents"):
        html = page.get(path)
        assert not html.find("script", string="alert(1)")
        assert not html.select("main b")
    assert MARKUP in text_of(page.get(f"{home}/{webhook.id}").select_one("h1"))


def test_no_secret_is_logged(page: Page, cast: Cast, home: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    webhook = make_webhook(cast.acme)

    page.get(f"{home}/{webhook.id}")
    page.post(f"{home}/{webhook.id}/secret")
    page.post(f"{home}/{webhook.id}/test", {"event": "message_created"})

    db.session.refresh(webhook)
    assert webhook.secret not in caplog.text
    assert webhook.old_secret not in caplog.text
