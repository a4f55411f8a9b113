"""Whose requests are counted where an app makes an agent's page ask."""

from flask import request

from dashboard.http.current import caller
from dashboard.lib.tokens import digest


def app_and_agent() -> str:
    """By the agent's secret, made unreadable: numbers of rows may be given again after a restore."""
    known = caller()
    return f"{(request.view_args or {}).get('app_id')} {digest(known.user.pubsub_token) if known else ''}"
