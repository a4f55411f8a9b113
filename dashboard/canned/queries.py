"""Finding canned responses."""

from sqlalchemy import select

from dashboard.canned.models import CannedResponse
from dashboard.extensions import db
from dashboard.lib.errors import NotFound


def find_canned(account_id: int, words: str = "") -> list[CannedResponse]:
    """Those that have every word, by short code; codes that begin with what is looked for come first.

    Looked for here and not in SQL: an account has some dozens, and both databases then fold letters alike.
    """
    query = select(CannedResponse).where(CannedResponse.account_id == account_id)
    wanted = words.casefold().split()
    found = [
        response
        for response in db.session.scalars(query)
        if all(word in f"{response.short_code} {response.content}".casefold() for word in wanted)
    ]
    start = words.casefold().strip()
    return sorted(
        found, key=lambda each: (_rank(each.short_code.casefold(), start), each.short_code.casefold())
    )


def canned_of(account_id: int, number: int) -> CannedResponse:
    """One canned response of an account.

    Raises:
        NotFound: the account has none of that number.
    """
    query = select(CannedResponse).where(CannedResponse.account_id == account_id, CannedResponse.id == number)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _rank(code: str, start: str) -> int:
    if code.startswith(start):
        return 0
    return 1 if start in code else 2
