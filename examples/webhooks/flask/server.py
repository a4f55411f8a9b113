"""A receiver of webhooks: believes its own desk alone, takes each event once, writes it down and says so.

SECRET=… flask --app server run
"""

import json
import os
import sqlite3
from contextlib import closing

from flask import Flask
from flask import request
from flask.typing import ResponseReturnValue
from verify import Refused
from verify import verify

secret, file = os.environ["SECRET"], os.environ.get("FILE", "events.db")
app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 4 * 2**20

with closing(sqlite3.connect(file)) as database:
    # Each delivery stands here once, also after a restart. What is to be done about it, another program does.
    database.execute("CREATE TABLE IF NOT EXISTS events (delivery TEXT PRIMARY KEY, name TEXT, body TEXT)")


@app.post("/")
def receive() -> ResponseReturnValue:
    body = request.get_data()  # the bytes that were signed
    delivery = verify(request.headers, body, secret)
    row = (delivery, json.loads(body)["event"], body.decode())
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", row)
    return "", 204


@app.errorhandler(Refused)
def refuse(error: Refused) -> ResponseReturnValue:
    app.logger.warning("refused: %s", error)
    return "Only for our desk.", 401
