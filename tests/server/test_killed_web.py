"""The process that answers is killed with -9 in the middle of its work: nothing is lost, nothing is twice.

Its clients do what clients do: whoever has no answer sends the same again, under the same `echo_id`.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from dashboard.conversations.models import Attachment
from dashboard.conversations.models import Message
from dashboard.conversations.operations.attaching import UNSENT
from dashboard.conversations.operations.attaching import sweep_files
from dashboard.extensions import db
from dashboard.inboxes.models import Inbox
from dashboard.lib import clock
from tests.support.claims import agent
from tests.support.databases import Databases
from tests.support.factories import make_conversation
from tests.support.servers import Desk
from tests.support.servers import Server
from tests.support.sockets import opened

CLIENTS, EACH = 4, 12
SIZE = 40 << 20
BEGINNING = (
    b'--x\r\nContent-Disposition: form-data; name="echo_id"\r\n\r\n%s\r\n'
    b'--x\r\nContent-Disposition: form-data; name="attachments[]"; filename="film.bin"\r\n\r\n'
)
END = b"\r\n--x--\r\n"


class Story:
    """A desk with a conversation that a program of Bo's and the customer's own write into."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.desk: Desk = server.make_desk()
        self.bo = server.api(self.desk.bo.token)
        with server.work():
            inbox = db.session.get_one(Inbox, self.desk.inbox_id)
            conversation = make_conversation(inbox)
            number, session = conversation.display_id, conversation.contact_inbox
            self.path = f"/api/v1/accounts/{self.desk.account_id}/conversations/{number}/messages"
            self.client_path = (
                f"/public/api/v1/inboxes/{inbox.identifier}/contacts/{session.source_id}"
                f"/conversations/{number}/messages"
            )

    def kill(self) -> None:
        for process in self.server.web_processes():
            os.kill(process, signal.SIGKILL)

    def said(self) -> list[str]:
        with self.server.work():
            return [message.content for message in db.session.query(Message).order_by(Message.id)]

    def kept(self) -> list[Path]:
        folders = [self.server.folder / "data" / name for name in ("uploads", "incoming")]
        return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def story(databases: Databases, migrated: str, tmp_path: Path) -> Iterator[Story]:
    server = Server(tmp_path, databases.new(copy_of=migrated), CLIENT_RATE_LIMIT="0").start()
    yield Story(server)
    server.stop()


def until_answered(ask: Callable[[], Any]) -> Any:
    """What a client does that wants an answer: it asks again. Another process is on its way."""
    while True:
        try:
            return ask()
        except (OSError, HTTPException):
            continue


def test_what_many_write_is_there_once_however_often_the_process_is_killed(story: Story) -> None:
    answered: list[tuple[int, str]] = []
    some_more = threading.Condition()

    def write(client: int) -> None:
        api, path = (story.bo, story.path) if client % 2 else (story.server.api(), story.client_path)
        for number in range(EACH):
            sent = {"content": f"{client}-{number}", "echo_id": str(uuid4())}
            answer = until_answered(lambda sent=sent: api.post(path, sent))
            assert answer.status == 200, answer
            with some_more:
                answered.append((answer.body["id"], answer.body["content"]))
                some_more.notify_all()

    clients = [threading.Thread(target=write, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for count in (8, 20, 32):
        with some_more:
            assert some_more.wait_for(lambda count=count: len(answered) >= count, timeout=60)
        story.kill()
    for client in clients:
        client.join(60)

    wanted = sorted(f"{client}-{number}" for client in range(CLIENTS) for number in range(EACH))
    assert sorted(story.said()) == wanted
    assert sorted(content for _, content in answered) == wanted
    assert len({number for number, _ in answered}) == len(wanted)


def test_what_was_written_before_the_answer_could_be_is_not_written_again(story: Story) -> None:
    sent = {"content": "On its way.", "echo_id": str(uuid4())}
    bo = agent(story.server, story.desk, story.desk.bo)
    with opened(story.server.url) as listener:
        listener.subscribe(**bo)
        threading.Thread(target=lambda: _ignore(lambda: story.bo.post(story.path, sent))).start()
        written = listener.hear("message.created")
        story.kill()  # whatever the answer was, nobody has read it

    answer = until_answered(lambda: story.bo.post(story.path, sent))

    assert (answer.status, answer.body["id"], answer.body["echo_id"]) == (200, written["id"], sent["echo_id"])
    assert story.said() == ["On its way."]


def test_of_a_file_that_was_on_its_way_nothing_is_kept(story: Story) -> None:
    beginning = BEGINNING % str(uuid4()).encode()
    lines = (
        f"POST {story.path} HTTP/1.1",
        "Host: localhost",
        f"api_access_token: {story.desk.bo.token}",
        "Content-Type: multipart/form-data; boundary=x",
        f"Content-Length: {len(beginning) + SIZE + len(END)}",
    )
    host = urlsplit(story.server.url)
    with socket.create_connection((host.hostname, host.port), timeout=20) as sender:
        sender.sendall("\r\n".join((*lines, "", "")).encode() + beginning + bytes(20 << 20))
        story.kill()

        with pytest.raises(OSError):
            while True:
                sender.sendall(bytes(1 << 20))

    answer = until_answered(lambda: story.bo.post(story.path, {"content": "again"}))
    assert answer.status == 200
    assert story.kept() == []
    assert story.said() == ["again"]


def test_a_file_that_was_just_being_kept_is_there_once_when_it_is_sent_again(story: Story) -> None:
    """The first trace of it on the disk is the sign: whatever the process was at, it gets no further."""
    name = str(uuid4()).encode()
    first = threading.Thread(target=lambda: _ignore(lambda: upload(story, name)))
    first.start()
    soon = threading.Event()
    while not story.kept():
        soon.wait(0.002)
    story.kill()
    first.join(60)

    message = until_answered(lambda: upload(story, name))

    with story.server.work():
        clock.shift(UNSENT + timedelta(hours=1))
        sweep_files()
    (file,) = story.kept()
    assert file.stat().st_size == SIZE
    with story.server.work():
        (attachment,) = db.session.query(Attachment)
        assert (attachment.key, attachment.message_id) == (file.name, message["id"])
        assert db.session.query(Message).count() == 1


def upload(story: Story, name: bytes) -> Any:
    connection = HTTPConnection(urlsplit(story.server.url).netloc, timeout=60)
    beginning = BEGINNING % name
    headers = {
        "api_access_token": story.desk.bo.token,
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": str(len(beginning) + SIZE + len(END)),
    }
    pieces = (beginning, *(bytes(1 << 20) for _ in range(40)), END)
    connection.request("POST", story.path, body=iter(pieces), headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    return story.bo.get(story.path).body["payload"][-1]


def _ignore(ask: Callable[[], Any]) -> None:
    try:
        ask()
    except (OSError, HTTPException):
        return
