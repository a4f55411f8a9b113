"""Webhooks as the API shows them, in upstream's shape."""

from typing import Any

from dashboard.webhooks.models import Endpoint


def webhook_json(webhook: Endpoint) -> dict[str, Any]:
    """The webhook for administrators, who alone have to do with webhooks."""
    face = {
        "id": webhook.id,
        "name": webhook.name,
        "url": webhook.url,
        "account_id": webhook.account_id,
        "subscriptions": webhook.events,
        "secret": webhook.secret,
    }
    if webhook.inbox is not None and webhook.inbox.deleted_at is None:
        face["inbox"] = {"id": webhook.inbox.id, "name": webhook.inbox.name}
    return face
