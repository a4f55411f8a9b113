"""Finding contacts."""

from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from dashboard.contacts.models import Contact


def matching_contact_ids(account_id: int, q: str) -> Select[tuple[int]]:
    """The contacts whose name, e-mail, phone number or identifier holds `q`."""
    return select(Contact.id).where(
        Contact.account_id == account_id, func.lower(Contact.name).like(f"{q.lower()}%")
    )
