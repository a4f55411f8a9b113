"""Who is mounted where, and who hears of what: on one page."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint
from flask import Flask

from dashboard import transactions
from dashboard.accounts import api as accounts_api
from dashboard.accounts import jobs as accounts_jobs
from dashboard.accounts.views import agents as agents_views
from dashboard.accounts.views import auth as auth_views
from dashboard.accounts.views import settings as settings_views
from dashboard.apps import api as apps_api
from dashboard.apps import jobs as apps_jobs
from dashboard.apps import listeners as apps_listeners
from dashboard.apps.views import calls as app_calls_views
from dashboard.apps.views import checks as app_checks_views
from dashboard.apps.views import contexts as app_contexts_views
from dashboard.apps.views import disclosures as app_disclosures_views
from dashboard.apps.views import formats as app_formats_views
from dashboard.apps.views import inspector as app_inspector_views
from dashboard.apps.views import integrations as integrations_views
from dashboard.apps.views import launches as app_launches_views
from dashboard.apps.views import manifests as manifests_views
from dashboard.apps.views import pages as app_pages_views
from dashboard.apps.views import sdk as sdk_views
from dashboard.apps.views import settings as apps_views
from dashboard.apps.views import usage as app_usage_views
from dashboard.apps.views import violations as app_violations_views
from dashboard.apps.views import well_known as well_known_views
from dashboard.attributes import api as attributes_api
from dashboard.attributes import views as attributes_views
from dashboard.bots import api as bots_api
from dashboard.bots import jobs as bots_jobs
from dashboard.bots import views as bots_views
from dashboard.canned import api as canned_api
from dashboard.canned import views as canned_views
from dashboard.channels.api.api import contacts as client_contacts_api
from dashboard.channels.api.api import conversations as client_conversations_api
from dashboard.channels.api.api import messages as client_messages_api
from dashboard.channels.api.api import surveys as client_surveys_api
from dashboard.contacts import jobs as contacts_jobs
from dashboard.contacts.api import contacts as contacts_api
from dashboard.contacts.api import files as contact_files_api
from dashboard.contacts.api import identity as identity_api
from dashboard.contacts.api import moving as moving_api
from dashboard.contacts.api import notes as notes_api
from dashboard.contacts.views import people as contacts_views
from dashboard.contacts.views import pictures as picture_views
from dashboard.conversations import jobs as conversations_jobs
from dashboard.conversations import listeners as conversations_listeners
from dashboard.conversations.api import changes as conversation_api
from dashboard.conversations.api import finding as conversations_api
from dashboard.conversations.api import messages as messages_api
from dashboard.conversations.api import search as search_api
from dashboard.conversations.operations import indexing
from dashboard.conversations.views import attributes as conversations_views
from dashboard.conversations.views import bulk as bulk_views
from dashboard.conversations.views import files as file_views
from dashboard.conversations.views import news as news_views
from dashboard.conversations.views import palette as palette_views
from dashboard.conversations.views import search as search_views
from dashboard.http import reference
from dashboard.inboxes import api as inboxes_api
from dashboard.inboxes import jobs as inboxes_jobs
from dashboard.inboxes import listeners as inboxes_listeners
from dashboard.inboxes import views as inboxes_views
from dashboard.labels import api as labels_api
from dashboard.labels import views as labels_views
from dashboard.realtime import listeners as live
from dashboard.transactions import Reaction
from dashboard.webhooks import api as webhooks_api
from dashboard.webhooks import jobs as webhooks_jobs
from dashboard.webhooks import listeners as webhooks_listeners
from dashboard.webhooks.operations import ages
from dashboard.webhooks.views import deliveries as deliveries_views
from dashboard.webhooks.views import webhooks as webhooks_views

# What the worker knows how to do, and what comes back by itself, after which time.
JOBS: dict[str, Callable[..., None]] = {
    "accounts.tidy_up": accounts_jobs.tidy_up,
    "apps.check": apps_jobs.check,
    "apps.check_all": apps_jobs.check_all,
    "apps.tidy_up": apps_jobs.tidy_up,
    "bots.fetch_picture": bots_jobs.fetch_picture,
    "conversations.mark_read": conversations_jobs.mark_read,
    "contacts.fetch_picture": contacts_jobs.fetch_picture,
    "contacts.take_in": contacts_jobs.take_in,
    "contacts.relabel": contacts_jobs.relabel_contacts,
    "conversations.relabel": conversations_jobs.relabel_conversations,
    "conversations.make_thumbnail": conversations_jobs.make_thumbnail,
    "conversations.remove_files": conversations_jobs.remove_files,
    "conversations.sweep_files": conversations_jobs.sweep_files,
    "conversations.wake": conversations_jobs.wake_conversation,
    "inboxes.purge": inboxes_jobs.purge_inbox,
    "webhooks.follow_up": webhooks_jobs.follow_up,
    "webhooks.purge": webhooks_jobs.purge,
    "webhooks.sweep": webhooks_jobs.sweep,
    "webhooks.tell_later": webhooks_jobs.tell_later,
    "webhooks.tell_once": webhooks_jobs.tell_once,
    "webhooks.tidy_up": webhooks_jobs.tidy_up,
}
UNHURRIED = {"apps.check", "bots.fetch_picture", "contacts.fetch_picture", "conversations.make_thumbnail"}
PERIODIC: dict[str, timedelta] = {
    "accounts.tidy_up": timedelta(hours=1),
    "apps.check_all": timedelta(days=1),
    "apps.tidy_up": timedelta(hours=1),
    "conversations.sweep_files": timedelta(hours=6),
    "webhooks.sweep": timedelta(days=1),
    "webhooks.tidy_up": timedelta(hours=1),
}

# What else happens in the transaction of a change, in this order.
DURABLE: dict[str, list[Reaction]] = {
    "agent.removed": [
        inboxes_listeners.remove_agent_from_inboxes,
        conversations_listeners.unassign_removed_agent,
    ],
    "dashboard_app.created": [apps_listeners.check_new_app],
    "dashboard_app.updated": [apps_listeners.check_new_addresses],
    "contact.created": [webhooks_listeners.tell_others],
    "contact.updated": [webhooks_listeners.tell_others],
    "contact.merged": [apps_listeners.follow_merged_contact],
    "contact.deleted": [apps_listeners.forget_deleted_contact],
    "conversation.created": [webhooks_listeners.tell_others],
    "conversation.status_changed": [webhooks_listeners.tell_others],
    "conversation.typing_off": [webhooks_listeners.tell_others],
    "conversation.typing_on": [webhooks_listeners.tell_others],
    "conversation.updated": [webhooks_listeners.tell_others],
    "inbox.created": [webhooks_listeners.tell_others],
    "inbox.deleted": [webhooks_listeners.let_go_of_inbox],
    "inbox.updated": [webhooks_listeners.tell_others],
    "message.created": [webhooks_listeners.tell_others],
    "message.updated": [webhooks_listeners.tell_others],
    "webwidget.triggered": [webhooks_listeners.tell_others],
    "label.updated": [conversations_listeners.queue_relabelling],
    "label.deleted": [conversations_listeners.queue_relabelling],
}

# What happens after it, in this order: nothing that could not be asked for again.
LIVE: dict[str, list[Reaction]] = {
    "message.created": [live.push_message],
    "message.updated": [live.push_message],
    "first.reply.created": [live.push_message],
    "conversation.created": [live.push_conversation],
    "conversation.updated": [live.push_conversation],
    "conversation.status_changed": [live.push_conversation],
    "conversation.read": [live.push_conversation],
    "conversation.contact_changed": [live.push_conversation],
    "conversation.typing_on": [live.push_typing],
    "conversation.typing_off": [live.push_typing],
    "assignee.changed": [live.push_conversation],
    "contact.created": [live.push_contact],
    "contact.updated": [live.push_contact],
    "contact.merged": [live.push_contact, live.look_at_merged],
    "contact.deleted": [live.push_contact, live.look_at_contact],
    "agent.added": [live.look_at_agent],
    "agent.updated": [live.look_at_agent],
    "agent.role_changed": [live.push_apps],
    "agent.removed": [live.look_at_removed],
    "dashboard_app.created": [live.push_apps],
    "dashboard_app.updated": [live.push_apps],
    "dashboard_app.deleted": [live.push_apps],
    "agent_bot.updated": [live.push_bots],
    "agent_bot.deleted": [live.push_bots],
    "sessions.ended": [live.look_at_person],
    "inbox.members_changed": [live.look_at_members, live.push_apps],
    "inbox.deleted": [live.look_at_visitors],
    "session.verified": [live.look_at_session],
    "job.due": [live.wake_worker],
    "delivery.due": [live.wake_sender],
}


def wire(app: Flask) -> None:
    """Mount every door and connect every reaction."""
    settings = Blueprint("settings", __name__, url_prefix="/accounts/<int:account_id>/settings")
    in_menu = (
        agents_views.bp,
        inboxes_views.bp,
        bots_views.bp,
        labels_views.bp,
        canned_views.bp,
        attributes_views.bp,
        integrations_views.bp,
        apps_views.bp,
        deliveries_views.bp,
        webhooks_views.bp,
    )
    for blueprint in (settings_views.bp, *in_menu):
        settings.register_blueprint(blueprint)
    api = Blueprint("api", __name__, url_prefix="/api/v1")
    for blueprint in (
        accounts_api.agents,
        accounts_api.profile,
        accounts_api.account,
        inboxes_api.bp,
        inboxes_api.members,
        inboxes_api.assignable,
        attributes_api.bp,
        labels_api.bp,
        canned_api.bp,
        bots_api.bp,
        contacts_api.bp,
        moving_api.bp,
        contact_files_api.bp,
        identity_api.bp,
        notes_api.bp,
        conversations_api.bp,
        conversation_api.bp,
        messages_api.bp,
        messages_api.attachments,
        search_api.bp,
        apps_api.bp,
        webhooks_api.bp,
    ):
        api.register_blueprint(blueprint)
    conversation_pages = (
        conversations_views.bp,
        contacts_views.bp,
        picture_views.bp,
        bulk_views.bp,
        file_views.public_bp,
        search_views.bp,
        palette_views.bp,
        news_views.bp,
    )
    of_apps = (
        app_calls_views.bp,
        app_contexts_views.bp,
        app_inspector_views.bp,
        app_disclosures_views.bp,
        app_formats_views.bp,
        app_launches_views.bp,
        app_pages_views.bp,
        app_usage_views.telling,
        app_violations_views.bp,
        app_checks_views.verdicts,
        manifests_views.published,
        sdk_views.bp,
    )
    pages = (*conversation_pages, *of_apps, auth_views.bp)
    messages_of_clients = (client_conversations_api.bp, client_messages_api.bp, client_surveys_api.bp)
    client = (accounts_api.clients, client_contacts_api.bp, *messages_of_clients)
    of_servers = (apps_api.tokens, well_known_views.bp)
    for blueprint in (settings, api, *client, reference.bp, *of_servers, *pages):
        app.register_blueprint(blueprint)
    indexing.listen()
    ages.listen()
    transactions.DURABLE.clear()
    transactions.DURABLE.update(DURABLE)
    transactions.LIVE.clear()
    transactions.LIVE.update(LIVE)
