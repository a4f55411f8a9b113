"""Definitions of custom attributes as the API and the apps see them, in upstream's shapes."""

from typing import Any

from dashboard.attributes.models import AttributeDefinition
from dashboard.attributes.queries import Definition
from dashboard.lib import clock


def definition_json(definition: Definition | AttributeDefinition) -> dict[str, Any]:
    """One definition, in upstream's names."""
    return {
        "id": definition.id,
        "attribute_display_name": definition.attribute_display_name,
        "attribute_display_type": definition.attribute_display_type,
        "attribute_description": definition.attribute_description,
        "attribute_key": definition.attribute_key,
        "regex_pattern": definition.regex_pattern,
        "regex_cue": definition.regex_cue,
        "attribute_values": list(definition.attribute_values),
        "attribute_model": definition.attribute_model,
        "default_value": None,
        "created_at": clock.iso(definition.created_at),
        "updated_at": clock.iso(definition.updated_at),
    }
