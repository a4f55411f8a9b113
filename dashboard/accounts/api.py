"""JSON doors: the people of an account, one's own profile, the account itself."""

from typing import Any

from flask import Blueprint
from flask import jsonify
from flask.typing import ResponseReturnValue

from dashboard.accounts.models import User
from dashboard.accounts.operations.agents import add_agent
from dashboard.accounts.operations.agents import change_agent
from dashboard.accounts.operations.agents import remove_agent
from dashboard.accounts.operations.authentication import SlowDown
from dashboard.accounts.operations.authentication import authenticate
from dashboard.accounts.operations.passwords import hashed_new_password
from dashboard.accounts.operations.passwords import replace_password
from dashboard.accounts.operations.people import change_profile
from dashboard.accounts.operations.people import replace_access_token
from dashboard.accounts.operations.sessions import sign_in_client
from dashboard.accounts.operations.sessions import sign_out_client
from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import FAILURE_WINDOW
from dashboard.accounts.queries import access_token_of
from dashboard.accounts.queries import member_of
from dashboard.accounts.queries import members_of
from dashboard.accounts.queries import memberships_of
from dashboard.accounts.schemas import ACCOUNT
from dashboard.accounts.schemas import AGENT
from dashboard.accounts.schemas import AGENT_CHANGES
from dashboard.accounts.schemas import AGENT_CREATION
from dashboard.accounts.schemas import AGENTS
from dashboard.accounts.schemas import AGENTS_CREATION
from dashboard.accounts.schemas import AUTO_OFFLINE
from dashboard.accounts.schemas import AVAILABILITY
from dashboard.accounts.schemas import PROFILE
from dashboard.accounts.schemas import PROFILE_CHANGES
from dashboard.accounts.schemas import SIGN_IN
from dashboard.accounts.schemas import SIGNED_IN
from dashboard.accounts.schemas import SIGNED_OUT
from dashboard.accounts.schemas import VALIDATED
from dashboard.accounts.serializers import account_details_json
from dashboard.accounts.serializers import agent_json
from dashboard.accounts.serializers import profile_json
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.callers import calling_network
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.errors import Refused
from dashboard.http.guards import public
from dashboard.http.guards import requires
from dashboard.http.guards import signed_in
from dashboard.http.openapi import describes
from dashboard.http.tokens import signed_in_client
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.transactions import transaction

agents = Blueprint("agents", __name__, url_prefix="/accounts/<int:account_id>/agents")
profile = Blueprint("profile", __name__, url_prefix="/profile")
account = Blueprint("account", __name__, url_prefix="/accounts/<int:account_id>")
clients = Blueprint("clients", __name__, url_prefix="/auth")


@agents.get("")
@requires(Permission.AGENTS_SEE)
@describes("List the people of an account", answer=AGENTS)
def index() -> ResponseReturnValue:
    return jsonify([agent_json(membership) for membership in members_of(current_account().id)])


@agents.post("")
@requires(Permission.AGENTS_MANAGE)
@describes("Let somebody into the account", body=AGENT_CREATION, under="agent", answer=AGENT)
def create() -> ResponseReturnValue:
    """Somebody who is known by the e-mail is let in as they are; a null means what holds without a word."""
    given = _given(accepted(AGENT_CREATION, under="agent"))
    given.setdefault("name", "")
    membership = add_agent(current_account(), **given, actor=current_user())
    return jsonify(agent_json(membership))


@agents.post("/bulk_create")
@requires(Permission.AGENTS_MANAGE)
@describes("Let several people in by their e-mails", body=AGENTS_CREATION)
def create_several() -> ResponseReturnValue:
    """Addresses that cannot be used, and people who are in already, are passed over in silence."""
    with transaction():
        for email in accepted(AGENTS_CREATION)["emails"]:
            _add_quietly(email)
    return empty()


@agents.route("/<int:agent_id>", methods=["PATCH", "PUT"])
@requires(Permission.AGENTS_MANAGE)
@describes("Change somebody's name, role or availability", body=AGENT_CHANGES, under="agent", answer=AGENT)
def change(agent_id: int) -> ResponseReturnValue:
    membership = member_of(current_account().id, agent_id)
    given = _given(accepted(AGENT_CHANGES, under="agent"))
    try:
        change_agent(membership, **given, actor=current_user())
    except NotAllowed as error:
        raise Refused(error.sentence) from None
    return jsonify(agent_json(membership))


@agents.delete("/<int:agent_id>")
@requires(Permission.AGENTS_MANAGE)
@describes("Take somebody out of the account")
def remove(agent_id: int) -> ResponseReturnValue:
    membership = member_of(current_account().id, agent_id)
    try:
        remove_agent(membership, actor=current_user())
    except NotAllowed as error:
        raise Refused(error.sentence) from None
    return empty()


@profile.get("")
@signed_in
@describes("Show one's own profile", answer=PROFILE)
def show_profile() -> ResponseReturnValue:
    return _profile_of(current_user())


@profile.route("", methods=["PUT", "PATCH"])
@signed_in
@describes("Change one's own profile", body=PROFILE_CHANGES, under="profile", answer=PROFILE)
def change_own_profile() -> ResponseReturnValue:
    """A new password asks for the current one."""
    given = _given(accepted(PROFILE_CHANGES, under="profile"))
    hashed = _hashed_password(given) if given.get("password") else ""
    with transaction():
        if hashed:
            replace_password(current_user(), hashed)
        change_profile(current_user(), name=given.get("name"), email=given.get("email"))
    return _profile_of(current_user())


@profile.post("/availability")
@signed_in
@describes("Say whether one is there", body=AVAILABILITY, under="profile", answer=PROFILE)
def change_availability() -> ResponseReturnValue:
    given = accepted(AVAILABILITY, under="profile")
    membership = member_of(given["account_id"], current_user().id)
    change_agent(membership, availability=given["availability"], actor=current_user())
    return _profile_of(current_user())


@profile.post("/auto_offline")
@signed_in
@describes("Say whether one is away when no page is open", body=AUTO_OFFLINE, under="profile", answer=PROFILE)
def change_auto_offline() -> ResponseReturnValue:
    given = accepted(AUTO_OFFLINE, under="profile")
    membership = member_of(given["account_id"], current_user().id)
    change_agent(membership, auto_offline=given["auto_offline"], actor=current_user())
    return _profile_of(current_user())


@profile.post("/reset_access_token")
@signed_in
@describes("Replace one's own access token; the old one stops working", answer=PROFILE)
def reset_access_token() -> ResponseReturnValue:
    replace_access_token(current_user())
    return _profile_of(current_user())


@account.get("")
@requires(Permission.ACCOUNT_SEE)
@describes("Show the account", answer=ACCOUNT)
def show_account() -> ResponseReturnValue:
    return jsonify(account_details_json(current_account()))


@clients.post("/sign_in")
@public
@describes(
    "Sign in with a password, as phone and desktop clients do",
    body=SIGN_IN,
    answer=SIGNED_IN,
    details="The answer's headers `access-token`, `token-type`, `client`, `expiry` and `uid` prove for two "
    "months who is calling.",
)
def sign_in() -> ResponseReturnValue:
    given = accepted(SIGN_IN)
    try:
        user = authenticate(
            email=given.get("email") or "",
            password=given.get("password") or "",
            address=calling_network(),
        )
    except SlowDown:
        wait = {"Retry-After": str(int(FAILURE_WINDOW.total_seconds()))}
        return jsonify(success=False, errors=["Too many wrong passwords. Try again later."]), 429, wait
    if user is None:
        return jsonify(success=False, errors=["Invalid login credentials. Please try again."]), 401
    signed_in_as, token = sign_in_client(user)
    headers = {
        "access-token": token,
        "token-type": "Bearer",
        "client": signed_in_as.client,
        "expiry": str(clock.epoch(signed_in_as.expires_at)),
        "uid": user.email,
    }
    return jsonify(data=_own_face(user)), 200, headers


@clients.get("/validate_token")
@signed_in
@describes("Say who is signed in", answer=VALIDATED)
def validate_token() -> ResponseReturnValue:
    user = current_user()
    data = {**_own_face(user), "created_at": clock.iso(user.created_at)}
    return jsonify(payload={"success": True, "data": data})


@clients.delete("/sign_out")
@signed_in
@describes("Sign this client out", answer=SIGNED_OUT)
def sign_out() -> ResponseReturnValue:
    if not sign_out_client(current_user(), signed_in_client()):
        return jsonify(success=False, errors=["User was not found or was not logged in."]), 404
    return jsonify(success=True)


def _given(sent: dict[str, Any]) -> dict[str, Any]:
    """What was said: a null is as good as nothing."""
    return {name: value for name, value in sent.items() if value is not None}


def _add_quietly(email: str) -> None:
    try:
        add_agent(
            current_account(),
            name="",
            email=email,
            availability="offline",
            auto_offline=False,
            actor=current_user(),
        )
    except Invalid:
        return


def _hashed_password(given: dict[str, Any]) -> str:
    if given.get("password_confirmation", given["password"]) != given["password"]:
        raise Invalid("password_confirmation", "doesn't match Password")
    try:
        current = given.get("current_password", "")
        return hashed_new_password(current_user(), current=current, new=given["password"])
    except Invalid as error:
        if error.problems[0].field == "current_password":
            raise Refused("Invalid current password") from None
        raise


def _profile_of(user: User) -> ResponseReturnValue:
    return jsonify(_own_face(user))


def _own_face(user: User) -> dict[str, Any]:
    token = access_token_of(user)
    return profile_json(user, memberships_of(user), token.token if token else "")
