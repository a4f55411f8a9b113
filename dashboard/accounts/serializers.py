"""People and accounts as the API shows them, in upstream's shapes."""

from typing import Any

from dashboard.accounts.models import Account
from dashboard.accounts.models import Membership
from dashboard.accounts.models import User
from dashboard.lib import clock
from dashboard.realtime.presence import presence


def agent_json(membership: Membership) -> dict[str, Any]:
    """One member of an account."""
    user = membership.user
    return {
        "id": user.id,
        "account_id": membership.account_id,
        "availability_status": availability_status(membership),
        "auto_offline": membership.auto_offline,
        "confirmed": user.is_confirmed and not membership.is_waiting,
        "email": user.email,
        "provider": "email",
        "available_name": user.name,
        "name": user.name,
        "role": membership.role,
        "thumbnail": "",
        "custom_role_id": None,
    }


def availability_status(membership: Membership) -> str:
    """`online`, `busy` or `offline`: as the person set it, while they are there."""
    is_here = presence.is_user_here(membership.account_id, membership.user_id)
    return membership.availability if is_here or not membership.auto_offline else "offline"


def user_push(user: User, account_id: int) -> dict[str, Any]:
    """A person as the sender of a message: never with an e-mail address."""
    return {
        "id": user.id,
        "name": user.name,
        "available_name": user.name,
        "avatar_url": "",
        "type": "user",
        "availability_status": presence.user_status(account_id, user.id),
        "thumbnail": "",
    }


def account_json(account: Account) -> dict[str, Any]:
    return {"id": account.id, "name": account.name, "locale": account.locale}


def account_details_json(account: Account) -> dict[str, Any]:
    """The account as it answers for itself."""
    return {
        **account_json(account),
        "features": {},
        "domain": None,
        "support_email": None,
        "status": "active",
        "cache_keys": {},
        "settings": {},
        "custom_attributes": {},
        "created_at": clock.iso(account.created_at),
    }


def profile_json(user: User, memberships: list[Membership], access_token: str) -> dict[str, Any]:
    """Somebody's own record, with the keys to the API and to the socket."""
    first = memberships[0] if memberships else None
    return {
        "access_token": access_token,
        "account_id": first.account_id if first else None,
        "available_name": user.name,
        "avatar_url": "",
        "confirmed": user.is_confirmed,
        "display_name": user.name,
        "message_signature": None,
        "email": user.email,
        "id": user.id,
        "inviter_id": None,
        "name": user.name,
        "provider": "email",
        "pubsub_token": user.pubsub_token,
        "role": first.role if first else None,
        "ui_settings": {},
        "uid": user.email,
        "type": None,
        "accounts": [_account_of(membership) for membership in memberships],
    }


def _account_of(membership: Membership) -> dict[str, Any]:
    return {
        "id": membership.account.id,
        "name": membership.account.name,
        "status": "active",
        "onboarding_step": None,
        "active_at": None,
        "role": membership.role,
        "permissions": [membership.role],
        "availability": membership.availability,
        "availability_status": availability_status(membership),
        "auto_offline": membership.auto_offline,
    }
