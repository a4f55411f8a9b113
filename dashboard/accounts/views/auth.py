"""Coming in: set-up, sign-in, passwords, one's own profile."""

from contextlib import suppress

from flask import Blueprint
from flask import Response
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import session
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice

from dashboard.accounts.forms import PasswordForm
from dashboard.accounts.forms import ProfileForm
from dashboard.accounts.forms import SetPasswordForm
from dashboard.accounts.forms import SetUpForm
from dashboard.accounts.forms import SignInForm
from dashboard.accounts.models import User
from dashboard.accounts.operations.agents import change_agent
from dashboard.accounts.operations.authentication import SlowDown
from dashboard.accounts.operations.authentication import authenticate
from dashboard.accounts.operations.founding import set_up_first_account
from dashboard.accounts.operations.joining import join_account
from dashboard.accounts.operations.passwords import change_password
from dashboard.accounts.operations.passwords import use_password_link
from dashboard.accounts.operations.people import change_profile
from dashboard.accounts.operations.people import replace_access_token
from dashboard.accounts.permissions import Permission
from dashboard.accounts.queries import access_token_of
from dashboard.accounts.queries import is_set_up
from dashboard.accounts.queries import membership_to_join
from dashboard.accounts.queries import memberships_of
from dashboard.accounts.queries import user_of_password_link
from dashboard.extensions import settings
from dashboard.http.callers import calling_network
from dashboard.http.current import caller
from dashboard.http.current import current_membership
from dashboard.http.current import current_user
from dashboard.http.guards import public
from dashboard.http.guards import requires
from dashboard.http.guards import signed_in
from dashboard.http.locale import available_locales
from dashboard.http.locale import time_zone_of_request
from dashboard.http.pages import back_to
from dashboard.http.pages import blame
from dashboard.http.pages import blaming
from dashboard.http.pages import is_htmx
from dashboard.http.pages import local_path
from dashboard.http.sessions import sign_in
from dashboard.http.sessions import sign_out
from dashboard.lib import clock
from dashboard.lib.errors import Invalid
from dashboard.lib.errors import NotAllowed
from dashboard.lib.errors import NotFound
from dashboard.lib.tokens import same
from dashboard.sample.operations import add_sample

bp = Blueprint("auth", __name__)

LAST_ACCOUNT = "deskframe_account"


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """To the account that this browser showed last."""
    known = caller()
    if known is None:
        return redirect(url_for("auth.login"))
    memberships = memberships_of(known.user)
    if not memberships:
        return render_template("accounts/no_account.html")
    last = request.cookies.get(LAST_ACCOUNT)
    chosen = next((each for each in memberships if str(each.account_id) == last), memberships[0])
    return redirect(url_for("conversations.index", account_id=chosen.account_id))


@bp.route("/setup", methods=["GET", "POST"])
@public
def setup() -> ResponseReturnValue:
    """The first account of an empty desk; afterwards this page leads to the sign-in."""
    if is_set_up():
        return redirect(url_for("auth.login"))
    form = SetUpForm(sample=settings().is_local)
    if form.validate_on_submit() and _knows_code(form):
        try:
            membership = set_up_first_account(
                account=form.account.data or "",
                name=form.name.data or "",
                email=form.email.data or "",
                password=form.password.data or "",
            )
        except Invalid as error:
            blame(form, error)
        except NotAllowed as error:
            return back_to(url_for("auth.login"), gettext(error.sentence), "info")
        else:
            if form.sample.data:
                add_sample(membership.account, administrator=membership.user, port=settings().port)
            _enter(membership.user, time_zone=form.time_zone.data)
            return redirect(url_for("auth.home"), 303)
    return render_template("accounts/setup.html", form=form, desk=settings()), _status(form)


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Who was on the way to a page arrives there."""
    if not is_set_up():
        return redirect(url_for("auth.setup"))
    form = SignInForm(next=request.args.get("next", ""))
    arrival = local_path(form.next.data, url_for("auth.home"))
    if request.method != "POST":
        if caller() is not None:
            return redirect(arrival)
        return render_template("accounts/login.html", form=form, forget=session.pop("signed_out", False))
    try:
        user = _authenticated(form)
    except SlowDown:
        form.form_errors.append(gettext("Too many wrong passwords. Wait five minutes, then try again."))
        return render_template("accounts/login.html", form=form), 429
    if user is None:
        return render_template("accounts/login.html", form=form), 422
    _enter(user, remember=bool(form.remember.data), time_zone=form.time_zone.data)
    return redirect(arrival, 303)


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Out, here and for every copy of this browser's cookie; the next page forgets the drafts."""
    sign_out()
    session["signed_out"] = True
    return back_to(url_for("auth.login"), gettext("You are signed out."))


@bp.route("/set-password/<string:token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> ResponseReturnValue:
    """Behind the link that an administrator hands over; whoever sets a password is in."""
    form = SetPasswordForm()
    try:
        user = user_of_password_link(token)
        if form.validate_on_submit():
            user = use_password_link(token, password=form.password.data or "")
            _enter(user, time_zone=form.time_zone.data)
            return back_to(url_for("auth.home"), gettext("Your password is set."))
    except Invalid as error:
        blame(form, error)
    except NotFound:
        return render_template("accounts/link_gone.html"), 404
    return _unkept(render_template("accounts/set_password.html", form=form, person=user)), _status(form)


@bp.route("/join/<string:token>", methods=["GET", "POST"])
@signed_in
def join(token: str) -> ResponseReturnValue:
    """Behind the link that lets somebody into one more account; only they, and once they say so."""
    try:
        membership = membership_to_join(token)
        if request.method == "POST":
            join_account(membership, user=current_user(), keep_session=session["_user_id"])
            joined = gettext("You are in %(account)s now.", account=membership.account.name)
            return back_to(url_for("conversations.index", account_id=membership.account_id), joined)
    except NotFound:
        return render_template("accounts/link_gone.html"), 404
    is_theirs = membership.user_id == current_user().id
    page = render_template("accounts/join.html", membership=membership, is_theirs=is_theirs)
    return _unkept(page), 200 if is_theirs else 403


@bp.route("/profile", methods=["GET", "POST"])
@signed_in
def profile() -> ResponseReturnValue:
    """One's own name, address, language, time zone and theme."""
    form = _profile_form(current_user())
    if form.validate_on_submit():
        with blaming(form):
            change_profile(
                current_user(),
                name=form.name.data,
                email=form.email.data,
                locale=form.locale.data,
                time_zone=form.time_zone.data,
                theme=form.theme.data,
                has_shortcuts=form.has_shortcuts.data,
            )
            return back_to(url_for("auth.profile"), gettext("Your profile is saved."))
    return _profile_page(form, PasswordForm(formdata=None)), _status(form)


@bp.post("/profile/password")
@signed_in
def password() -> ResponseReturnValue:
    """A new password; every other browser of the person is signed out."""
    form = PasswordForm()
    if form.validate():
        with blaming(form):
            change_password(
                current_user(),
                current=form.current_password.data or "",
                new=form.password.data or "",
                keep_session=session["_user_id"],
            )
            return back_to(url_for("auth.profile"), gettext("Your password is changed."))
    return _profile_page(_profile_form(current_user(), formdata=None), form), 422


@bp.get("/profile/access-token")
@signed_in
def access_token() -> ResponseReturnValue:
    """The key to the API, for whoever asks for their own."""
    token = access_token_of(current_user())
    return _token_shown(token.token if token else "")


@bp.post("/profile/access-token")
@signed_in
def new_access_token() -> ResponseReturnValue:
    """A new key; the old one stops working."""
    return _token_shown(replace_access_token(current_user()).token)


@bp.post("/theme")
@signed_in
def theme() -> ResponseReturnValue:
    """Light or dark, from the menu that every page has."""
    with suppress(Invalid):
        change_profile(current_user(), theme=request.form.get("theme", ""))
    return ("", 204) if is_htmx() else redirect(_page_before(), 303)


@bp.post("/accounts/<int:account_id>/availability")
@requires(Permission.CONVERSATIONS_WORK)
def availability() -> ResponseReturnValue:
    """Online, busy or offline, from the same menu."""
    with suppress(Invalid):
        change_agent(
            current_membership(),
            availability=request.form.get("availability", ""),
            actor=current_user(),
        )
    return ("", 204) if is_htmx() else redirect(_page_before(), 303)


@bp.after_app_request
def _note_account(response: Response) -> Response:
    """Remember which account this browser showed last, for `/`."""
    known = caller()
    if known is None or known.session is None or known.membership is None:
        return response
    account_id = str(known.membership.account_id)
    if request.cookies.get(LAST_ACCOUNT) != account_id:
        response.set_cookie(
            LAST_ACCOUNT,
            account_id,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=settings().cookie_secure,
        )
    return response


def _knows_code(form: SetUpForm) -> bool:
    """Where others can reach the desk, only whoever reads the terminal may set it up."""
    if not settings().asks_setup_code:
        return True
    typed = "".join(letter for letter in (form.code.data or "").upper() if letter.isalnum())
    if same(typed, settings().setup_code.replace("-", "")):
        return True
    form.code.errors = [
        gettext("That is not the code. It stands in the terminal where the desk was started.")
    ]
    return False


def _authenticated(form: SignInForm) -> User | None:
    if not form.validate():
        return None
    user = authenticate(
        email=form.email.data or "", password=form.password.data or "", address=calling_network()
    )
    if user is None:
        form.form_errors.append(gettext("The e-mail or the password is wrong."))
    return user


def _enter(user: User, *, remember: bool = False, time_zone: str | None) -> None:
    """Start a session. Somebody who never said where they are is where the browser is."""
    if user.time_zone is None and time_zone:
        with suppress(Invalid):
            change_profile(user, time_zone=time_zone)
    if caller() is not None:
        sign_out()
    sign_in(user, remember=remember)


def _profile_form(user: User, **kwargs: None) -> ProfileForm:
    form = ProfileForm(obj=user, **kwargs)
    form.locale.choices = [SelectChoice("", gettext("As in the browser")), *_languages()]
    form.time_zone.choices = clock.time_zones()
    if not form.is_submitted():
        form.locale.data = user.locale or ""
        form.time_zone.data = time_zone_of_request()
    return form


def _languages() -> list[SelectChoice]:
    """Each under its own name, and said to be in it."""
    return [
        SelectChoice(code, name, {"lang": code.replace("_", "-")})
        for code, name in available_locales().items()
    ]


def _profile_page(form: ProfileForm, password_form: PasswordForm) -> str:
    return render_template("accounts/profile.html", form=form, password_form=password_form)


def _token_shown(token: str) -> Response:
    if is_htmx():
        return _unkept(render_template("accounts/_access_token.html", token=token))
    forms = {
        "form": _profile_form(current_user(), formdata=None),
        "password_form": PasswordForm(formdata=None),
    }
    return _unkept(render_template("accounts/profile.html", **forms, token=token))


def _status(form: FlaskForm) -> int:
    return 422 if form.is_submitted() else 200


def _page_before() -> str:
    before = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return local_path(before, url_for("auth.home"))


def _unkept(page: str) -> Response:
    """A page that no browser may keep."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
