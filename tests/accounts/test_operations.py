"""Accounts and people: who gets in, who stays, and what cannot be done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from threading import Event
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm.exc import ObjectDeletedError
from sqlalchemy.orm.exc import StaleDataError

from dashboard.accounts.models import Account
from dashboard.accounts.models import User
from dashboard.accounts.models import UserSession
from dashboard.accounts.operations.agents import add_agent
from dashboard.accounts.operations.agents import change_agent
from dashboard.accounts.operations.agents import invite_agent
from dashboard.accounts.operations.agents import remove_agent
from dashboard.accounts.operations.authentication import SlowDown
from dashboard.accounts.operations.authentication import authenticate
from dashboard.accounts.operations.founding import set_up_first_account
from dashboard.accounts.operations.joining import join_account
from dashboard.accounts.operations.joining import make_join_link
from dashboard.accounts.operations.passwords import change_password
from dashboard.accounts.operations.passwords import make_password_link
from dashboard.accounts.operations.passwords import use_password_link
from dashboard.accounts.operations.people import change_profile
from dashboard.accounts.operations.people import replace_access_token
from dashboard.accounts.operations.sessions import forget_the_old
from dashboard.accounts.operations.sessions import start_session
from dashboard.accounts.queries import caller_of_session
from dashboard.accounts.queries import caller_of_token
from dashboard.accounts.queries import member_of
from dashboard.accounts.queries import members_of
from dashboard.accounts.queries import membership_to_join
from dashboard.accounts.queries import memberships_of
from dashboard.accounts.queries import user_by_email
from dashboard.extensions import db
from dashboard.inboxes.models import InboxMember
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.passwords import _cores
from dashboard.transactions import let_others_write
from tests.support.cast import Cast
from tests.support.factories import PASSWORD
from tests.support.factories import make_account
from tests.support.factories import make_conversation
from tests.support.factories import make_membership
from tests.support.factories import make_user

FIRST = {"account": "Acme", "name": "Ada", "email": "ada@example.com", "password": "correct horse 42"}


def test_the_first_account_has_its_administrator(app: Flask) -> None:
    membership = set_up_first_account(**FIRST)

    assert (membership.account.name, membership.role) == ("Acme", "administrator")
    assert authenticate(email="ADA@example.com ", password=FIRST["password"], address="") is membership.user


def test_a_desk_is_set_up_once(app: Flask) -> None:
    set_up_first_account(**FIRST)

    with pytest.raises(NotAllowed, match="set up already"):
        set_up_first_account(**{**FIRST, "email": "eve@example.com"})

    assert user_by_email("eve@example.com") is None


@pytest.mark.database
def test_of_two_set_ups_at_once_one_gets_through(make_app: Callable[..., Flask]) -> None:
    app, together, ends = make_app(), Barrier(2), []

    def set_up(email: str) -> None:
        with app.app_context():
            together.wait()
            try:
                set_up_first_account(**{**FIRST, "email": email})
                ends.append("in")
            except NotAllowed:
                ends.append("too late")

    _at_once(lambda: set_up("ada@example.com"), lambda: set_up("eve@example.com"))

    assert sorted(ends) == ["in", "too late"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account", " "),
        ("account", "x" * 256),
        ("email", "nobody"),
        ("email", "a@b@c.example"),
        ("password", "short"),
        ("password", "x" * 129),
    ],
)
def test_a_set_up_that_cannot_be_used_names_its_field(app: Flask, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_up_first_account(**{**FIRST, field: value})

    assert refused.value.problems[0].field == field
    assert db.session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_person_of_another_account_is_added_as_who_they_are(cast: Cast) -> None:
    membership = add_agent(cast.acme, name="Somebody", email=cast.eve.email.upper(), actor=cast.ada)

    assert membership.user is cast.eve
    assert cast.eve.name == "Eve Stranger"
    with pytest.raises(Invalid, match="already been taken"):
        add_agent(cast.acme, name="", email=cast.eve.email, actor=cast.ada)


def test_without_a_name_the_address_gives_one(cast: Cast) -> None:
    assert add_agent(cast.acme, name="", email="dee@example.com", actor=cast.ada).user.name == "dee"


def test_nobody_removes_themselves(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="yourself"):
        remove_agent(member_of(cast.acme.id, cast.ada.id), actor=cast.ada)


def test_the_last_administrator_stays_one(cast: Cast) -> None:
    ada = member_of(cast.acme.id, cast.ada.id)

    with pytest.raises(NotAllowed, match="last administrator"):
        change_agent(ada, role="agent", actor=cast.ada)
    with pytest.raises(NotAllowed, match="last administrator"):
        remove_agent(ada, actor=cast.eve)

    add_agent(cast.acme, name="Zoe", email="zoe@example.com", role="administrator", actor=cast.ada)
    with pytest.raises(NotAllowed, match="last administrator"):
        change_agent(ada, role="agent", actor=cast.ada)  # Zoe has never set a password

    change_agent(member_of(cast.acme.id, cast.bo.id), role="administrator", actor=cast.ada)
    change_agent(ada, role="agent", actor=cast.ada)
    assert ada.role == "agent"


def test_two_administrators_who_remove_each_other_at_once_do_not_both_go(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app()
    with app.app_context():
        acme = make_account()
        people = [make_user(acme, role="administrator").id for _ in range(2)]
        account_id = acme.id
        db.session.commit()
    together = Barrier(2)
    ends: list[str] = []

    def remove(mine: int, other: int) -> None:
        with app.app_context():
            membership, actor = member_of(account_id, other), db.session.get_one(User, mine)
            let_others_write()
            together.wait()
            try:
                remove_agent(membership, actor=actor)
                ends.append("removed")
            except (NotAllowed, StaleDataError, ObjectDeletedError):
                ends.append("refused")

    _at_once(lambda: remove(*people), lambda: remove(*reversed(people)))

    assert sorted(ends) == ["refused", "removed"]
    with app.app_context():
        assert len(members_of(account_id)) == 1


def test_nobody_waits_for_the_database_while_a_password_is_hashed(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        email, link = make_user(make_account()).email, ""
        link = make_password_link(user_by_email(email))

    def sign_in() -> None:
        with app.app_context():
            assert authenticate(email=email, password=PASSWORD, address="") is not None

    def change() -> None:
        with app.app_context():
            change_password(user_by_email(email), current=PASSWORD, new="a new password")

    def use_link() -> None:
        with app.app_context():
            use_password_link(link, password="another password")

    for verb in (sign_in, change, use_link):
        assert _ends_its_transaction_before_hashing(app, verb), verb.__name__


def test_a_removed_agent_is_out_of_everything_at_once_and_conversations_stay(cast: Cast) -> None:
    conversation = make_conversation(cast.inbox, assignee_id=cast.bo.id)
    token = start_session(cast.bo)

    remove_agent(member_of(cast.acme.id, cast.bo.id), actor=cast.ada)

    db.session.expire_all()
    assert caller_of_session(token, cast.acme.id) is None
    assert memberships_of(cast.bo) == []
    assert db.session.get(InboxMember, (cast.inbox.id, cast.bo.id)) is None
    assert (conversation.assignee_id, conversation.status) == (None, "open")
    assert caller_of_token(cast.token(cast.bo), cast.acme.id).membership is None  # type: ignore[union-attr]


def test_a_removed_agent_keeps_what_they_have_elsewhere(cast: Cast) -> None:
    make_membership(cast.other, cast.bo)

    remove_agent(member_of(cast.acme.id, cast.bo.id), actor=cast.ada)

    assert [membership.account for membership in memberships_of(cast.bo)] == [cast.other]


def test_nobody_is_renamed_or_signed_out_by_a_strange_account(cast: Cast) -> None:
    session = start_session(cast.ada)
    lured = add_agent(cast.other, name="", email=cast.ada.email, actor=cast.eve)

    with pytest.raises(Invalid, match="another account"):
        change_agent(lured, name="Mallory", actor=cast.eve)
    change_agent(lured, name=cast.ada.name, availability="busy", actor=cast.eve)
    remove_agent(lured, actor=cast.eve)

    assert cast.ada.name == "Ada Admin"
    assert caller_of_session(session, cast.other.id).membership is None  # type: ignore[union-attr]
    assert caller_of_session(session, cast.acme.id).membership is not None  # type: ignore[union-attr]


def test_a_link_sets_a_password_once(cast: Cast) -> None:
    membership = add_agent(cast.acme, name="Dee", email="dee@example.com", actor=cast.ada)
    token = invite_agent(membership, actor=cast.ada)
    assert authenticate(email="dee@example.com", password="", address="") is None

    assert use_password_link(token, password="a new password") is membership.user

    assert authenticate(email="dee@example.com", password="a new password", address="") is membership.user
    with pytest.raises(NotFound):
        use_password_link(token, password="another one")


def test_a_link_lives_for_seven_days_and_a_newer_one_ends_it(cast: Cast) -> None:
    old = make_password_link(cast.bo)
    token = make_password_link(cast.bo)

    with pytest.raises(NotFound):
        use_password_link(old, password="a new password")
    clock.shift(timedelta(days=7, minutes=1))
    with pytest.raises(NotFound):
        use_password_link(token, password="a new password")


def test_a_link_that_was_used_badly_still_works(cast: Cast) -> None:
    token = make_password_link(cast.bo)

    with pytest.raises(Invalid):
        use_password_link(token, password="short")

    assert use_password_link(token, password="long enough") is cast.bo


def test_a_link_ends_every_session_of_its_person(cast: Cast) -> None:
    session = start_session(cast.bo)

    use_password_link(make_password_link(cast.bo), password="a new password")

    assert caller_of_session(session, None) is None


def test_no_administrator_opens_another_account_with_a_link(cast: Cast) -> None:
    lured = add_agent(cast.other, name="", email=cast.ada.email, actor=cast.eve)

    with pytest.raises(NotAllowed, match="another account"):
        invite_agent(lured, actor=cast.eve)

    invited = add_agent(cast.acme, name="Dee", email="dee@example.com", role="administrator", actor=cast.ada)
    lured = add_agent(cast.other, name="", email="dee@example.com", actor=cast.eve)
    with pytest.raises(NotAllowed, match="another account"):
        invite_agent(lured, actor=cast.eve)
    assert invite_agent(invited, actor=cast.ada)  # nobody takes that away by adding somebody else's people
    make_membership(make_account("Third"), invited.user)
    with pytest.raises(NotAllowed, match="another account"):
        invite_agent(invited, actor=cast.ada)


def test_somebody_of_another_account_waits_until_they_join(cast: Cast) -> None:
    waiting = add_agent(cast.acme, name="", email=cast.eve.email, role="administrator", actor=cast.ada)
    session, key = start_session(cast.eve), cast.token(cast.eve)
    token = make_join_link(waiting)

    for caller in (caller_of_session(session, cast.acme.id), caller_of_token(key, cast.acme.id)):
        assert caller is not None and caller.membership is None
    assert [each.account for each in memberships_of(cast.eve)] == [cast.other]
    with pytest.raises(NotAllowed, match="last administrator"):
        change_agent(member_of(cast.acme.id, cast.ada.id), role="agent", actor=cast.ada)
    with pytest.raises(NotAllowed, match="somebody else"):
        join_account(membership_to_join(token), user=cast.bo)

    join_account(membership_to_join(token), user=cast.eve, keep_session=session)

    assert {each.account for each in memberships_of(cast.eve)} == {cast.acme, cast.other}
    with pytest.raises(NotFound):
        membership_to_join(token)


def test_what_others_may_know_of_somebodys_keys_is_worth_nothing_once_they_join(cast: Cast) -> None:
    waiting = add_agent(cast.acme, name="", email=cast.eve.email, actor=cast.ada)
    mine, stolen = start_session(cast.eve), start_session(cast.eve)
    key, socket, link = cast.token(cast.eve), cast.eve.pubsub_token, make_password_link(cast.eve)

    join_account(waiting, user=cast.eve, keep_session=mine)

    assert caller_of_session(mine, cast.acme.id) is not None
    assert caller_of_session(stolen, cast.acme.id) is None
    assert caller_of_token(key, cast.acme.id) is None
    assert cast.eve.pubsub_token != socket
    with pytest.raises(NotFound):
        use_password_link(link, password="a new password")


def test_a_link_to_join_lives_for_seven_days_and_a_newer_one_ends_it(cast: Cast) -> None:
    waiting = add_agent(cast.acme, name="", email=cast.eve.email, actor=cast.ada)
    old, token = make_join_link(waiting), make_join_link(waiting)

    with pytest.raises(NotFound):
        membership_to_join(old)
    clock.shift(timedelta(days=7, minutes=1))
    with pytest.raises(NotFound):
        membership_to_join(token)


def test_whoever_runs_the_server_vouches_for_the_people_they_add(cast: Cast) -> None:
    added = add_agent(cast.acme, name="", email=cast.eve.email, password="a new password", actor=None)

    assert not added.is_waiting
    assert authenticate(email=cast.eve.email, password=PASSWORD, address="") is cast.eve


def test_who_is_in_no_account_any_more_begins_anew(cast: Cast) -> None:
    email, key = cast.bo.email, cast.token(cast.bo)
    remove_agent(member_of(cast.acme.id, cast.bo.id), actor=cast.ada)

    added = add_agent(cast.other, name="", email=email, actor=cast.eve)

    assert (added.user, added.is_waiting, added.user.is_confirmed) == (cast.bo, False, False)
    assert caller_of_token(key, cast.other.id) is None
    assert use_password_link(invite_agent(added, actor=cast.eve), password="a new password") is cast.bo


def test_who_administers_all_accounts_of_a_person_may_make_a_link(cast: Cast) -> None:
    second = make_account("Second")
    make_membership(second, cast.ada, role="administrator")
    make_membership(second, cast.bo)

    assert invite_agent(member_of(second.id, cast.bo.id), actor=cast.ada)


def test_ones_own_password_needs_the_one_that_holds(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="profile"):
        invite_agent(member_of(cast.acme.id, cast.ada.id), actor=cast.ada)
    with pytest.raises(Invalid, match="current password"):
        change_password(cast.ada, current="wrong", new="a new password")


def test_a_new_password_ends_every_session_but_the_one_that_set_it(cast: Cast) -> None:
    here, there = start_session(cast.ada), start_session(cast.ada)

    change_password(cast.ada, current=PASSWORD, new="a new password", keep_session=here)

    assert caller_of_session(here, None) is not None
    assert caller_of_session(there, None) is None


def test_five_failures_slow_an_address_and_an_e_mail_down(cast: Cast) -> None:
    for attempt in range(5):
        assert authenticate(email=cast.bo.email, password="wrong", address=f"10.0.0.{attempt}") is None

    with pytest.raises(SlowDown):
        authenticate(email=cast.bo.email, password=PASSWORD, address="10.9.9.9")
    assert authenticate(email=cast.cy.email, password=PASSWORD, address="10.9.9.9") is cast.cy

    clock.shift(timedelta(minutes=5, seconds=1))
    assert authenticate(email=cast.bo.email, password=PASSWORD, address="10.9.9.9") is cast.bo


@pytest.mark.database
def test_of_many_guesses_at_once_five_are_looked_at(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    with app.app_context():
        set_up_first_account(account="Acme", name="Ada", email="ada@acme.test", password=PASSWORD)
    start = Barrier(12)

    def guess(number: int) -> bool:
        with app.app_context():
            start.wait()
            try:
                authenticate(email="ada@acme.test", password="wrong", address=f"10.0.0.{number}")
            except SlowDown:
                return False
            return True

    with ThreadPoolExecutor(12) as pool:
        looked_at = sum(pool.map(guess, range(12)))

    assert looked_at <= 5


def test_one_address_cannot_try_many_e_mails(cast: Cast) -> None:
    for attempt in range(5):
        authenticate(email=f"guess{attempt}@example.com", password="wrong", address="10.0.0.1")

    with pytest.raises(SlowDown):
        authenticate(email=cast.bo.email, password=PASSWORD, address="10.0.0.1")


def test_the_right_password_does_not_wipe_what_an_address_tried(cast: Cast) -> None:
    for attempt in range(4):
        authenticate(email=f"guess{attempt}@example.com", password="wrong", address="10.0.0.1")
    authenticate(email=cast.bo.email, password=PASSWORD, address="10.0.0.1")
    authenticate(email="guess@example.com", password="wrong", address="10.0.0.1")

    with pytest.raises(SlowDown):
        authenticate(email=cast.cy.email, password=PASSWORD, address="10.0.0.1")


def test_a_replaced_token_is_worth_nothing(cast: Cast) -> None:
    old = cast.token(cast.bo)

    new = replace_access_token(cast.bo).token

    assert caller_of_token(old, None) is None
    assert caller_of_token(new, None) is not None


def test_a_taken_e_mail_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="taken"):
        change_profile(cast.bo, email=cast.cy.email.upper())


def test_what_is_over_is_thrown_away(cast: Cast) -> None:
    start_session(cast.bo)
    authenticate(email="x@example.com", password="wrong", address="10.0.0.1")
    make_password_link(cast.bo)

    clock.shift(timedelta(days=15))
    forget_the_old()

    assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0


def _at_once(*verbs: Callable[[], None]) -> None:
    threads = [Thread(target=verb) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ends_its_transaction_before_hashing(app: Flask, verb: Callable[[], None]) -> bool:
    """Lets nobody hash, and looks whether the verb gives the database back all the same."""
    ended = Event()
    with app.app_context():
        engine = db.engine
    taken = 0
    while _cores.acquire(blocking=False):
        taken += 1
    event.listen(engine, "commit", lambda _: ended.set())
    thread = Thread(target=verb)
    try:
        thread.start()
        return ended.wait(20)
    finally:
        for _ in range(taken):
            _cores.release()
        thread.join()
