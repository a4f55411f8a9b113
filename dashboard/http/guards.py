"""Every door says who may enter; these marks are also what the test of the routes reads."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from typing import TypeVar

from flask import request

from dashboard.accounts.permissions import Permission
from dashboard.accounts.permissions import may
from dashboard.bots.queries import BotCaller
from dashboard.http.current import caller
from dashboard.http.current import calling_bot
from dashboard.http.errors import AccountMissing
from dashboard.http.errors import NotAMember
from dashboard.http.errors import NotSignedIn
from dashboard.lib.errors import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])

NOT_FOR_BOTS = "Access to this endpoint is not authorized for bots"
NOT_ITS_ACCOUNT = "Bot is not authorized to access this account"


def public(view: View) -> View:
    """Anybody may enter."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody who proved who they are may enter, but no bot; the address names no account."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if calling_bot() is not None:
            raise NotAllowed(NOT_FOR_BOTS)
        if caller() is None:
            raise NotSignedIn
        return view(*args, **kwargs)

    guarded.permission = "signed_in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def requires(permission: Permission, *, bots: bool = False) -> Callable[[View], View]:
    """Members of the account that the address names may enter, where their role has the permission.

    The view gets the address without `account_id`: `current_account()` is that account. With `bots`, the
    account's bots may enter too: then it asks for `current_actor()` and `current_viewer()`.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, account_id: int, **kwargs: Any) -> Any:
            check_caller(permission, bots=bots)
            return view(*args, **kwargs)

        guarded.permission = permission.value  # type: ignore[attr-defined]
        guarded.lets_bots_in = bots  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def check_caller(permission: Permission, *, bots: bool) -> None:
    """Let the caller of this request in, or say why not, in upstream's order.

    Raises:
        NotSignedIn: nobody, or a token that is nobody's.
        AccountMissing: there is no such account.
        NotAMember: the caller is not in it.
        NotAllowed: the caller's role may not, or it is a bot and this is not for bots.
    """
    bot = calling_bot()
    if bot is not None:
        _check_bot(bot, bots)
        return
    known = caller()
    if known is None:
        raise NotSignedIn
    if known.account is None:
        raise AccountMissing
    if known.membership is None:
        raise NotAMember
    if not may(known.membership, permission):
        raise NotAllowed


def _check_bot(known: BotCaller, bots: bool) -> None:
    if not bots:
        raise NotAllowed(NOT_FOR_BOTS)
    if known.account is None:
        raise AccountMissing
    if not known.is_at_home:
        raise NotAllowed(NOT_ITS_ACCOUNT)


def account_in_address() -> int | None:
    """The account that the address of this request names."""
    return (request.view_args or {}).get("account_id")
