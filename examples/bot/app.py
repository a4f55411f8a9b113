"""A shop's bot: greets, asks what it is about, answers two questions with cards, hands over the others.

DESK=https://desk.example.com TOKEN=… SECRET=… flask --app app run
"""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.request import Request
from urllib.request import urlopen

from flask import Flask
from flask import request
from flask.typing import ResponseReturnValue
from verify import Refused
from verify import verify

desk, token, secret = (os.environ[name] for name in ("DESK", "TOKEN", "SECRET"))
app = Flask(__name__)
topics = json.loads(Path(__file__).with_name("topics.json").read_text(encoding="utf-8"))
hands = ThreadPoolExecutor(1)  # one thing after the other, so that answers keep their order
done: dict[str, None] = {}  # what was taken up; the oldest is forgotten


@app.post("/")
def receive() -> ResponseReturnValue:
    """The desk waits three seconds, only to know that it arrived: what there is to do comes after."""
    try:
        delivery = verify(request.headers, request.get_data(), secret)
    except Refused as error:
        return str(error), 401
    hands.submit(take_up, delivery, request.json)
    return "", 204


def take_up(delivery: str, event: dict[str, Any]) -> None:
    said = said_in(event)
    names = {delivery, f"{event['event']} {event.get('id')}"}  # a message changes again when it has been read
    if said is None or names & done.keys():
        return
    done.update(dict.fromkeys(names))
    while len(done) > 10_000:
        del done[next(iter(done))]
    here = f"/api/v1/accounts/{event['account']['id']}/conversations/{event['conversation']['id']}"
    try:
        answer(here, said)
    except Exception:
        app.logger.exception("%s is left to people", here)
        ask("POST", f"{here}/toggle_status", {"status": "open"})


def said_in(event: dict[str, Any]) -> str | None:
    """What a customer has written, or chosen, in a conversation that is the bot's."""
    if event.get("private", True) or event["conversation"]["status"] != "pending":
        return None
    if event["event"] == "message_created" and event["message_type"] == "incoming":
        return event["content"] or ""
    chosen = event["content_attributes"].get("submitted_values")
    return str(chosen[0]["value"]) if chosen and event["event"] == "message_updated" else None


def answer(here: str, said: str) -> None:
    conversation = ask("GET", here)
    if conversation["status"] != "pending":
        return  # a person has it by now
    words, known = set(re.findall(r"\w+", said.lower())), conversation["custom_attributes"]
    topic = next((name for name in reversed(topics) if words.intersection(topics[name]["words"])), None)
    hello = "" if "greeted" in known else f"Hello {conversation['meta']['sender']['name']}! "
    if topic and "card" in topics[topic]:
        say(here, f"{hello}This is what I know:", "cards", [topics[topic]["card"]])
    elif topic or not hello:
        say(here, f"{hello}I am getting somebody for you.")
        ask("POST", f"{here}/toggle_status", {"status": "open"})
    else:
        choices = [{"title": each["choice"], "value": name} for name, each in topics.items()]
        say(here, f"{hello}I am the shop's bot. What is it about?", "input_select", choices)
    if hello:
        ask("POST", f"{here}/custom_attributes", {"custom_attributes": {**known, "greeted": True}})


def say(here: str, content: str, kind: str = "text", items: list[dict[str, Any]] | None = None) -> None:
    message = {
        "content": content,
        "content_type": kind,
        "content_attributes": {"items": items} if items else {},
    }
    ask("POST", f"{here}/messages", message)


def ask(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    sent, headers = json.dumps(body).encode(), {"api_access_token": token, "Content-Type": "application/json"}
    question = Request(desk + path, sent if body else None, headers, method=method)  # noqa: S310 - our desk
    with urlopen(question, timeout=10) as answered:  # noqa: S310
        return json.load(answered)
