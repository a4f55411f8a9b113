"""Asking a Chatwoot desk for its apps."""

from urllib.parse import urlsplit

from dashboard.lib import outgoing
from dashboard.lib.checks import BLANK
from dashboard.lib.errors import Invalid
from dashboard.lib.text import N_

LONGEST_LIST = 256 << 10  # bytes
DEADLINE = 8.0  # seconds; somebody waits for the page

NO_NUMBER = N_("This is the number in the address of the account's pages, such as 1.")
NO_ADDRESS = N_("Begin with https:// and the name of the desk, without a path.")
REFUSED = N_("The desk does not take this token.")
NOT_FOUND = N_("The desk has no such account, or this is no Chatwoot desk.")
NO_ANSWER = N_("The desk could not be asked: %(why)s.")


def chatwoot_list(address: str, account: str, token: str) -> str:
    """The apps of an account of a Chatwoot desk, as its API lists them.

    Args:
        address: scheme and host of the desk.
        account: the number of the account there.
        token: the access token of somebody who works in it. It goes to that host only, and is not kept.

    Raises:
        Invalid: something given cannot be used, or the desk did not answer with a list.
    """
    desk = _desk(address)
    if not (account.isascii() and account.isdigit() and len(account) < 20):
        raise Invalid("account", NO_NUMBER)
    if not token:
        raise Invalid("token", BLANK)
    if not (token.isascii() and token.isprintable()):
        raise Invalid("token", REFUSED)
    answer = outgoing.get(
        f"{desk}/api/v1/accounts/{account}/dashboard_apps",
        largest=LONGEST_LIST,
        headers={"api_access_token": token, "Accept": "application/json"},
        deadline=DEADLINE,
    )
    if answer.status in {401, 403}:
        raise Invalid("token", REFUSED)
    if answer.status == 404:
        raise Invalid("account", NOT_FOUND)
    if not answer.is_good:
        raise Invalid("address", NO_ANSWER, why=answer.sentence)
    return answer.body.decode("utf-8", "replace")


def _desk(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
        is_bare = (
            parts.path in {"", "/"} and not parts.query and not parts.fragment and "@" not in parts.netloc
        )
        if parts.scheme in {"http", "https"} and parts.hostname and is_bare:
            return f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        pass
    raise Invalid("address", NO_ADDRESS)
