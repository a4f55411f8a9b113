"""Labels as the API shows them, in upstream's shapes."""

from typing import Any

from dashboard.labels.models import Label
from dashboard.labels.queries import KnownLabel


def label_json(label: Label | KnownLabel) -> dict[str, Any]:
    """One label."""
    return {
        "id": label.id,
        "title": label.title,
        "description": label.description,
        "color": label.color,
        "show_on_sidebar": label.show_on_sidebar,
    }
