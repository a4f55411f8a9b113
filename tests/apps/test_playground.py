"""The playground: what is tried is held to an app's rules, framed on this page alone, and changes nothing."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from dashboard.accounts.models import Membership
from dashboard.apps.models.disclosures import AppDisclosure
from dashboard.apps.operations.asking import CallRefused
from dashboard.apps.operations.calls import METHODS
from dashboard.apps.operations.trying import Trial
from dashboard.apps.operations.trying import answer_trial
from dashboard.apps.payloads import app_context
from dashboard.apps.schemas.access import SCOPES
from dashboard.apps.schemas.invented import invented_context
from dashboard.apps.schemas.tries import checked_context
from dashboard.apps.schemas.tries import condensed
from dashboard.apps.schemas.tries import told
from dashboard.conversations.queries.messages import messages_of
from dashboard.conversations.queries.summaries import summary_of
from dashboard.extensions import db
from dashboard.lib.errors import Invalid
from tests.support.cast import Cast
from tests.support.factories import make_app
from tests.support.factories import make_contact
from tests.support.factories import make_conversation
from tests.support.factories import make_message
from tests.support.page import Page

APPS = "/accounts/{account}/settings/integrations/dashboard-apps"
TRIED = "https://tried.example.com"
AGENT = {"id": 7, "name": "Ada", "email": "ada@example.com"}


@pytest.fixture
def address(page: Page, cast: Cast) -> str:
    page.sign_in(cast.ada)
    return f"{APPS.format(account=cast.acme.id)}/playground"


def block(html: BeautifulSoup, name: str) -> Any:
    script = html.select_one(f"script#{name}")
    assert script is not None
    return json.loads(script.text)


def membership_of(cast: Cast) -> Membership:
    query = select(Membership).where(Membership.user_id == cast.ada.id)
    return db.session.scalars(query).one()


def post_json(page: Page, path: str, body: dict[str, Any], *, expect: int = 200) -> Any:
    response = page.client.post(path, json=body, headers={"X-CSRFToken": page.csrf_token()})
    assert response.status_code == expect
    return response.get_json()


def policy(page: Page) -> str:
    assert page.response is not None
    return page.response.headers["Content-Security-Policy"]


def test_the_tried_origin_may_be_framed_on_this_page_and_on_no_other(page: Page, address: str) -> None:
    html = page.get(f"{address}?url={TRIED}/orders?from=desk")

    assert f"frame-src {TRIED};" in f"{policy(page)};"
    (app,) = block(html, "apps")
    assert (app["id"], app["format"]) == (0, "auto")
    assert [frame["origin"] for frame in app["frames"]] == [TRIED]
    assert set(app) == {"id", "title", "format", "reload", "places", "frames"}
    page.get(address)
    assert "frame-src 'none'" in policy(page)


@pytest.mark.parametrize("place", ["side", "tab", "page", "modal"])
def test_it_is_tried_in_every_place(page: Page, address: str, place: str) -> None:
    html = page.get(f"{address}?url={TRIED}/&place={place}")

    assert block(html, "apps")[0]["places"] == [place]
    assert [slot["data-place"] for slot in html.select("[data-app-slot]")] == [place]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("javascript:alert(1)", "http:// or https://"),
        ("https://a;sandbox/", "host"),
        ("https://me:pw@app.example.com/", "address"),
        ("https://x.example.com/{{nobody}}", "There is no variable nobody"),
        ("https://{{contact.id}}.example.com/", "not in the host"),
    ],
)
def test_a_bad_address_is_kept_with_its_error_beside_it_and_framed_nowhere(
    page: Page, address: str, url: str, why: str
) -> None:
    html = page.get(address, query_string={"url": url, "sent": "1"}, expect=422)

    field = html.select_one("input[name=url]")
    error = html.select_one("#url-error")
    assert field is not None and error is not None
    assert field["value"] == url
    assert why in error.text
    assert "frame-src 'none'" in policy(page)
    assert html.select("#apps") == []


def test_it_begins_with_what_the_app_has(page: Page, cast: Cast, address: str) -> None:
    app = make_app(cast.acme, title="Orders", urls=(f"{TRIED}/a",), format="native", scopes=["contact.basic"])
    app.actions, app.features = ["toast"], ["microphone"]
    db.session.commit()

    html = page.get(f"{APPS.format(account=cast.acme.id)}/{app.id}/playground")

    known = block(html, "playground")
    assert known["app"]["client_id"] == app.client_id
    assert (known["granted"]["scopes"], known["granted"]["actions"]) == (["contact.basic"], ["toast"])
    assert known["granted"]["features"] == ["microphone"]
    assert "email" not in block(html, "app-context")["data"]["contact"]


def test_what_an_apps_frame_may_goes_to_no_other_address(page: Page, cast: Cast, address: str) -> None:
    app = make_app(cast.acme, urls=("https://own.example.com/",))
    app.features, app.sandbox, app.frame_origins = (
        ["microphone"],
        ["allow-modals"],
        ["https://login.example.com"],
    )
    db.session.commit()

    html = page.get(f"{APPS.format(account=cast.acme.id)}/{app.id}/playground?url={TRIED}/")

    (frame,) = block(html, "apps")[0]["frames"]
    assert set(frame) == {"url", "origin"}
    assert f"frame-src {TRIED};" in f"{policy(page)};"


def test_strangers_find_nothing_and_agents_are_refused(page: Page, cast: Cast) -> None:
    app = make_app(cast.acme)
    here = APPS.format(account=cast.acme.id)
    for path in (f"{here}/playground", f"{here}/{app.id}/playground"):
        page.sign_in(cast.bo)
        page.get(path, expect=403)
        page.sign_in(cast.eve)
        page.get(path, expect=404)
    page.get(f"{APPS.format(account=cast.other.id)}/{app.id}/playground", expect=404)


def test_a_real_conversation_is_told_by_its_number_and_written_into_the_ledger(
    page: Page, cast: Cast, address: str
) -> None:
    contact = make_contact(cast.acme, name="Maria", email="maria@shop.example")
    conversation = make_conversation(cast.inbox, contact=contact)
    make_message(
        conversation, "Only for us", message_type="outgoing", private=True, sender_user_id=cast.ada.id
    )

    number = conversation.display_id
    html = page.get(f"{address}?url={TRIED}/c/{{{{contact.id}}}}&conversation={number}")

    told_of = block(html, "app-context")
    assert (told_of["key"], told_of["data"]["contact"]["name"]) == (str(number), "Maria")
    assert "Only for us" not in json.dumps(told_of)
    assert block(html, "apps")[0]["frames"][0]["url"] == f"{TRIED}/c/{contact.id}"
    (row,) = db.session.scalars(select(AppDisclosure))
    assert (row.contact_id, row.app_id, row.origin) == (contact.id, 0, TRIED)
    assert "contact.email" in row.fields


def test_a_conversation_that_is_none_is_said_beside_its_number(page: Page, address: str) -> None:
    html = page.get(f"{address}?url={TRIED}/&conversation=4711&sent=1", expect=422)

    error = html.select_one("#conversation-error")
    assert error is not None and "no conversation of that number" in error.text


def test_what_is_typed_is_told_as_far_as_the_scopes_go(page: Page, address: str) -> None:
    typed = {
        "conversation": {"id": 9, "status": "open"},
        "contact": {"name": "Jonas", "email": "j@example.com"},
    }
    looks = "format=native&place=tab&locale=de&width=full&theme=dark"
    page.get(f"{address}?sent=1&url={TRIED}/&{looks}&scopes=contact.basic")

    html = page.submit("#playground-context", {"context": json.dumps(typed)}, expect=200)

    data = block(html, "app-context")["data"]
    assert data["contact"] == data["conversation"]["contact"] == {"name": "Jonas"}
    assert "id" not in data["conversation"]
    assert block(html, "written") == typed


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ('{"conversation": {},\n "contact": {"name": }}', "Line 2, column 22"),
        ("[]", "At “data” stands something of another type."),
        ('{"conversation": {}}', "At “data” something is missing."),
        (
            '{"conversation": {"messages": [7]}, "contact": {}}',
            "At “conversation.messages.0” stands something of another type.",
        ),
        ('{"conversation": {}, "contact": {}, "conversaton": {}}', "no context has"),
        ("[" * 5000, "line 1"),
        ('{"conversation": {"a": ' + "[" * 400 + "]" * 400 + '}, "contact": {}}', "nested too deeply"),
        ('{"conversation": {"id": NaN}, "contact": {}}', "a number that JSON does not know"),
        ('{"conversation": {"id": 1e999}, "contact": {}}', "a number that JSON does not know"),
    ],
)
def test_what_is_no_context_is_kept_with_its_error_beside_it(
    page: Page, address: str, typed: str, why: str
) -> None:
    page.get(f"{address}?url={TRIED}/")

    html = page.submit("#playground-context", {"context": typed}, expect=422)

    area, error = html.select_one("textarea[name=context]"), html.select_one("#context-error")
    assert area is not None and error is not None
    assert area.text.removeprefix("\n") == typed
    assert why.casefold() in error.text.casefold()
    assert block(html, "app-context")["data"]["contact"]["name"] == "Maria Silva"


def test_odd_letters_are_told_as_they_were_written(page: Page, address: str) -> None:
    page.get(f"{address}?url={TRIED}/")
    typed = r'{"conversation": {}, "contact": {"name": "</script><!-- \u2028 \ud800"}}'

    html = page.submit("#playground-context", {"context": typed}, expect=200)

    assert block(html, "app-context")["data"]["contact"]["name"] == "</script><!-- \u2028 \ud800"


def test_the_invented_context_has_the_names_that_a_real_one_has(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, contact=make_contact(cast.acme, name="Maria"))
    make_message(conversation, "Hello")
    summary = summary_of(membership_of(cast), conversation.display_id)
    real = app_context(summary, messages_of(conversation, limit=30), agent=cast.ada, theme="", scopes=SCOPES)

    invented = told(invented_context(AGENT), SCOPES)

    assert set(invented) == set(real) - {"theme"}
    assert set(invented["conversation"]) == set(real["conversation"])
    assert set(invented["contact"]) == set(real["contact"])
    assert set(invented["conversation"]["messages"][0]) == set(real["conversation"]["messages"][0])
    assert told(condensed(real), SCOPES)["conversation"] == real["conversation"]


def trial(*, scopes: tuple[str, ...] = SCOPES, state: Any = None) -> Trial:
    return Trial(checked_context(invented_context(AGENT)), list(scopes), list(METHODS), state)


def test_a_tried_app_hears_of_what_it_has_changed() -> None:
    tried = trial()

    assert answer_trial(tried, "labels.add", {"labels": ["vip"]}) == {"labels": ["delivery", "vip"]}
    answer_trial(tried, "attributes.set", {"of": "contact", "values": {"plan": "silver"}})
    answer_trial(tried, "status.set", {"status": "resolved"})
    answer_trial(tried, "assign", {"agent": 7})
    answer_trial(tried, "state.set", {"value": [1]})

    data = told(tried.context, SCOPES)
    assert (data["conversation"]["labels"], data["conversation"]["status"]) == (
        ["delivery", "vip"],
        "resolved",
    )
    assert data["contact"]["custom_attributes"] == {"plan": "silver"}
    assert data["conversation"]["contact"]["custom_attributes"] == {"plan": "silver"}
    assert data["conversation"]["meta"]["assignee"]["id"] == 7
    assert answer_trial(tried, "state.get", {}) == {"value": [1]}
    assert answer_trial(tried, "labels.remove", {"labels": ["vip"]}) == {"labels": ["delivery"]}
    assert answer_trial(tried, "context.get", {"path": ["conversation", "status"]}) == {"value": "resolved"}


def test_every_method_that_the_desk_knows_is_answered_or_refused_in_a_try() -> None:
    params = {
        "attributes.set": {"of": "conversation", "values": {"order_id": "2"}},
        "labels.add": {"labels": ["a"]},
        "labels.remove": {"labels": ["a"]},
        "status.set": {"status": "open"},
        "assign": {"agent": None},
        "state.set": {"value": 1},
    }
    for method in set(METHODS) - {"token.get"}:
        answer_trial(trial(), method, params.get(method, {}))
    with pytest.raises(CallRefused) as refused:
        answer_trial(trial(), "token.get", {})
    assert refused.value.code == "unsupported"


def test_messages_are_those_of_the_context_page_by_page() -> None:
    page = answer_trial(trial(), "messages.list", {"limit": 2})
    assert [each["id"] for each in page["messages"]] == [3, 4]
    rest = answer_trial(trial(), "messages.list", {"limit": 2, "before": page["before"]})
    assert ([each["id"] for each in rest["messages"]], rest["before"]) == ([1, 2], None)
    without_notes = answer_trial(trial(scopes=("messages",)), "messages.list", {})
    assert [each["id"] for each in without_notes["messages"]] == [1, 2, 4]


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("labels.add", {"labels": []}, "invalid"),
        ("labels.add", {"labels": ["x"], "conversation": 2}, "invalid"),
        ("assign", {"agent": 8}, "invalid"),
        ("status.set", {"status": "open", "snoozed_until": 1}, "invalid"),
        ("state.set", {"value": "x" * 70_000}, "too_large"),
        ("__proto__", {}, "unsupported"),
    ],
)
def test_a_call_is_held_to_the_rules_of_all_calls(method: str, params: dict[str, Any], code: str) -> None:
    with pytest.raises(CallRefused) as refused:
        answer_trial(trial(), method, params)
    assert refused.value.code == code


def test_what_was_not_granted_or_is_not_defined_is_refused() -> None:
    with pytest.raises(CallRefused, match="may not call"):
        answer_trial(Trial(invented_context(AGENT), [], []), "labels.add", {"labels": ["x"]})
    with pytest.raises(Invalid):
        answer_trial(trial(), "attributes.set", {"of": "contact", "values": {"unknown": 1}})
    with pytest.raises(CallRefused, match="No conversation"):
        empty = Trial({"conversation": {}, "contact": {}}, list(SCOPES), ["labels.add"])
        answer_trial(empty, "labels.add", {"labels": ["x"]})


def test_the_door_of_calls_answers_in_an_envelope(page: Page, cast: Cast, address: str) -> None:
    call = {"method": "labels.add", "params": {"labels": ["vip"]}, "context": invented_context(AGENT)}
    call |= {"scopes": ["conversation.basic"], "actions": ["labels.add"], "state": {"a": 1}}

    said = post_json(page, f"{address}/calls", call)
    refused = post_json(page, f"{address}/calls", {**call, "actions": []})
    unfit = post_json(page, f"{address}/calls", {**call, "context": {}})

    assert (said["ok"], said["result"], said["state"]) == (True, {"labels": ["delivery", "vip"]}, {"a": 1})
    assert said["data"]["conversation"]["labels"] == ["delivery", "vip"]
    assert json.loads(said["text"]) == said["context"]
    assert refused == {
        "ok": False,
        "error": {"code": "denied_scope", "message": "The app may not call labels.add"},
    }
    assert unfit["error"]["code"] == "invalid"
    page.sign_in(cast.bo)
    post_json(page, f"{address}/calls", call, expect=403)


def test_the_inspector_draws_what_stands_on_the_page(page: Page, cast: Cast, address: str) -> None:
    context = {
        "conversation": {"id": 9, "messages": [{"content": "Hi"}]},
        "contact": {"name": "Jonas", "email": "j"},
    }
    headers = {"X-CSRFToken": page.csrf_token()}

    def tree(context: dict[str, Any]) -> str:
        body = {"context": context, "scopes": ["contact.basic"]}
        response = page.client.post(f"{address}/inspector", json=body, headers=headers)
        assert response.status_code == 200
        return response.text

    assert "Conversation #9" in tree(context)
    assert [each.text for each in BeautifulSoup(tree(context), "html.parser").select("s")] == [
        "j",
        "true",
        "9",
        "Hi",
    ]
    assert "No conversation is open" in tree({**context, "conversation": {}})
    assert page.get(f"{address}/inspector").select_one("#app-inspector") is not None
