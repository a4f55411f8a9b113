"""The people of every story: Ada runs Acme, Bo works in its inbox, Cy elsewhere in it; Eve is a stranger."""

from dataclasses import dataclass

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.accounts.queries import access_token_of
from dashboard.inboxes.models import Inbox
from tests.support.factories import make_account
from tests.support.factories import make_inbox
from tests.support.factories import make_user
from tests.support.factories import together


@dataclass(frozen=True)
class Cast:
    acme: Account
    other: Account
    ada: User
    bo: User
    cy: User
    eve: User
    inbox: Inbox

    def token(self, user: User) -> str:
        token = access_token_of(user)
        assert token is not None
        return token.token


def make_cast() -> Cast:
    with together():
        acme, other = make_account("Acme"), make_account("Other")
        ada = make_user(acme, role="administrator", name="Ada Admin")
        bo = make_user(acme, name="Bo Agent")
        cy = make_user(acme, name="Cy Agent")
        eve = make_user(other, role="administrator", name="Eve Stranger")
        inbox = make_inbox(acme, members=(bo,))
    return Cast(acme, other, ada, bo, cy, eve, inbox)
