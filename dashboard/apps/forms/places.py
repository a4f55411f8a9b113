"""Where an app appears, in its form: a box for each place, one word for all that are ticked."""

from typing import Any

from dashboard.apps.forms.framing import TicksField
from dashboard.apps.models.apps import PLACES


class PlacesField(TicksField):
    def process_data(self, value: Any) -> None:
        super().process_data(PLACES.get(value, []))

    @property
    def word(self) -> str:
        """As it is stored; of no places there is none."""
        chosen = set(self.data or [])
        return next((word for word, places in PLACES.items() if chosen == set(places)), "")
