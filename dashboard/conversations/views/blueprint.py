"""The agents' pages stand under one address."""

from flask import Blueprint

from dashboard.conversations.views import words

bp = Blueprint("conversations", __name__, url_prefix="/accounts/<int:account_id>/conversations")

for rule in words.FILTERS:
    bp.add_app_template_filter(rule)
bp.record_once(lambda mounted: mounted.app.jinja_env.globals.update(words=words))
