"""Every route says who may enter, types its parameters, and is spelled as its kind is."""

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from dashboard.accounts.permissions import Permission
from dashboard.http.openapi import path_of

KNOWN = Path(__file__).with_name("routes.txt")
PERMISSIONS = {"public", "signed_in"} | {permission.value for permission in Permission}
# What upstream has below /api/v1/accounts/{account_id}; nothing else may stand there.
UPSTREAM = re.compile(
    r"""
    /actions/contact_merge
    | /agent_bots (/\{} (/avatar | /reset_access_token | /reset_secret)?)?
    | /assignable_agents
    | /agents (/bulk_create | /\{})?
    | /canned_responses (/\{})?
    | /contact_inboxes/filter
    | /contacts (
        /search | /filter | /active | /import | /export
        | /\{} (
            /conversations | /contact_inboxes | /contactable_inboxes | /labels | /destroy_custom_attributes
            | /notes (/\{})? | /avatar | /attachments
        )?
    )?
    | /conversations (
        /meta | /filter
        | /\{} (
            /toggle_status | /toggle_typing_status | /toggle_priority | /assignments | /labels
            | /custom_attributes | /mute | /unmute
            | /update_last_seen | /unread | /messages (/\{} (/retry)?)? | /attachments
        )?
    )?
    | /custom_attribute_definitions (/\{})?
    | /dashboard_apps (/\{})?
    | /inbox_members (/\{})?
    | /inboxes (/\{} (
        /reset_secret | /rotate_hmac_token | /assignable_agents | /agent_bot | /set_agent_bot
    )?)?
    | /search (/conversations | /contacts | /messages | /articles)?
    | /labels (/\{})?
    | /webhooks (/\{})?
    """,
    re.VERBOSE,
)


def rules(app: Flask) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_view_says_who_may_enter(built_app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in rules(built_app)
        if getattr(built_app.view_functions[rule.endpoint], "permission", None) not in PERMISSIONS
    ]

    assert not silent, f"no @requires, @signed_in or @public: {silent}"


def test_whoever_needs_a_permission_needs_an_account(built_app: Flask) -> None:
    for rule in rules(built_app):
        permission = built_app.view_functions[rule.endpoint].permission
        assert ("account_id" in rule.arguments) == (permission not in {"public", "signed_in"}), rule


def test_every_parameter_has_a_type(built_app: Flask) -> None:
    untyped = [rule.rule for rule in rules(built_app) if re.search(r"<[^:<>]+>", rule.rule)]

    assert not untyped, f"parameters without a type: {untyped}"


def test_pages_are_spelled_with_hyphens(built_app: Flask) -> None:
    pages = [
        rule.rule for rule in rules(built_app) if not rule.rule.startswith(("/api", "/auth/", "/public/api"))
    ]

    odd = [path for path in pages if re.search(r"[A-Z_]", re.sub(r"<[^<>]+>", "", path))]
    assert not odd, f"not in kebab case: {odd}"


def test_the_api_has_upstreams_paths(built_app: Flask) -> None:
    account = "/api/v1/accounts/{account_id}"
    paths = {path_of(rule) for rule in rules(built_app) if rule.rule.startswith("/api/v1/accounts/")}

    odd = [
        path
        for path in paths - {account}
        if not UPSTREAM.fullmatch(re.sub(r"\{\w+}", "{}", path.removeprefix(account)))
    ]
    assert account in paths
    assert not odd, f"upstream has no such paths: {odd}"


def test_the_map_is_changed_knowingly(built_app: Flask) -> None:
    """`routes.txt` is the whole map: who reads a change sees there which door it opens, and to whom."""
    found = "".join(sorted(f"{_line(built_app, rule)}\n" for rule in rules(built_app)))

    assert found == KNOWN.read_text(encoding="utf-8"), f"if that is meant, {KNOWN.name} has to say:\n{found}"


def _line(app: Flask, rule: Rule) -> str:
    return f"{path_of(rule)} {'|'.join(methods_of(rule))} {app.view_functions[rule.endpoint].permission}"
