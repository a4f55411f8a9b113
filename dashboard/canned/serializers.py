"""Canned responses as the API shows them, in upstream's shapes."""

from typing import Any

from dashboard.canned.models import CannedResponse
from dashboard.lib import clock


def canned_json(response: CannedResponse) -> dict[str, Any]:
    """Every column, as upstream does."""
    return {
        "id": response.id,
        "account_id": response.account_id,
        "short_code": response.short_code,
        "content": response.content,
        "created_at": clock.iso(response.created_at),
        "updated_at": clock.iso(response.updated_at),
    }
