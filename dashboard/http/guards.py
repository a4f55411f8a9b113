"""Every door says who may enter; these marks are also what the test of the routes reads."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from typing import TypeVar

from flask import request

from dashboard.accounts.permissions import Permission
from dashboard.accounts.permissions import may
from dashboard.http.current import caller
from dashboard.http.errors import AccountMissing
from dashboard.http.errors import NotAMember
from dashboard.http.errors import NotSignedIn
from dashboard.lib.errors import NotAllowed

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anybody may enter."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody who proved who they are may enter; the address names no account."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if caller() is None:
            raise NotSignedIn
        return view(*args, **kwargs)

    guarded.permission = "signed_in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def requires(permission: Permission) -> Callable[[View], View]:
    """Members of the account that the address names may enter, where their role has the permission.

    The view gets the address without `account_id`: `current_account()` is that account.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, account_id: int, **kwargs: Any) -> Any:
            check_caller(permission)
            return view(*args, **kwargs)

        guarded.permission = permission.value  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def check_caller(permission: Permission) -> None:
    """Let the caller of this request in, or say why not, in upstream's order.

    Raises:
        NotSignedIn: nobody, or a token that is nobody's.
        AccountMissing: there is no such account.
        NotAMember: the caller is not in it.
        NotAllowed: the caller's role may not.
    """
    known = caller()
    if known is None:
        raise NotSignedIn
    if known.account is None:
        raise AccountMissing
    if known.membership is None:
        raise NotAMember
    if not may(known.membership, permission):
        raise NotAllowed


def account_in_address() -> int | None:
    """The account that the address of this request names."""
    return (request.view_args or {}).get("account_id")
