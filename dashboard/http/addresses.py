"""What the desk of this request asks of its apps' addresses, and for whom they are made."""

from dataclasses import replace

from flask import request

from dashboard.apps.schemas.variables import Reader
from dashboard.attributes.queries import definitions_of
from dashboard.conversations.models import Conversation
from dashboard.extensions import settings
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.errors import say
from dashboard.http.locale import locale_here
from dashboard.lib.addresses import HouseRules
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import Invalid


def house_rules() -> HouseRules:
    """The desk's own origins are the one it is published at and the one that was asked just now."""
    desk = settings()
    own = (request.host_url, desk.public_url or request.host_url)
    return HouseRules(
        https_only=desk.require_https_apps,
        own_origins=frozenset(origin for address in own for origin in _origin(address)),
    )


def chatwoot_rules() -> HouseRules:
    """The same for apps that come as Chatwoot has them: there, what stands in braces is nothing but text."""
    return replace(house_rules(), any_variables=True)


def reader_of(conversation: Conversation | None) -> Reader:
    """Who reads this page, for the addresses of the apps beside that conversation."""
    account, user = current_account(), current_user()
    return Reader(
        account_id=account.id,
        agent_id=user.id,
        locale=str(locale_here()),
        theme=user.theme,
        say=say,
        conversation=conversation,
        definitions=definitions_of(account),
    )


def _origin(address: str) -> list[str]:
    """None where the host is one that no app could have either."""
    try:
        return [origin_of(address)]
    except Invalid:
        return []
