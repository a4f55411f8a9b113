"""What the worker does for contacts."""

from dashboard.accounts.models import Account
from dashboard.contacts.operations import moving
from dashboard.contacts.operations import pictures
from dashboard.contacts.operations.labelling import relabel_some
from dashboard.extensions import db
from dashboard.labels.queries import title_now


def relabel_contacts(account_id: int, label_id: int, before: str) -> None:
    """Follow a label to its title of now, a batch at a time; done by half, it goes on later."""
    after = title_now(label_id, before, account_id)
    while after != before and relabel_some(account_id=account_id, before=before, after=after):
        pass


def fetch_picture(contact_id: int, url: str) -> None:
    """Give a contact the picture that is at that address."""
    pictures.fetch_picture(contact_id, url=url)


def take_in(account_id: int, file: str) -> None:
    """Take in the contacts of a table; the account may be gone by now."""
    account = db.session.get(Account, account_id)
    if account is not None:
        moving.take_in(account, key=file)
