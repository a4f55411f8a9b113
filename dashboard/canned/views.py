"""Settings → Canned responses: everybody of the account may add to them."""

from flask import Blueprint
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.canned.forms import CannedForm
from dashboard.canned.operations import add_canned
from dashboard.canned.operations import change_canned
from dashboard.canned.operations import remove_canned
from dashboard.canned.queries import canned_of
from dashboard.canned.queries import find_canned
from dashboard.conversations.operations.filling import PLACES
from dashboard.http import arguments
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blaming
from dashboard.http.pages import form_page
from dashboard.http.pages import page_or_part

bp = Blueprint("canned", __name__, url_prefix="/canned-responses")


@bp.get("")
@requires(Permission.CANNED_RESPONSES_EDIT)
def index() -> ResponseReturnValue:
    """All of them, or those that a search finds."""
    words = arguments.word("q").strip()
    found = find_canned(current_account().id, words)
    return page_or_part("canned/index.html", "canned/_list.html", found=found, words=words)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CANNED_RESPONSES_EDIT)
def new() -> ResponseReturnValue:
    """One more."""
    form = CannedForm()
    if form.validate_on_submit():
        with blaming(form):
            response = add_canned(current_account(), given=_given(form), actor=current_user())
            return back_to(_index(), gettext("/%(code)s is added.", code=response.short_code))
    return form_page("canned/new.html", form, places=PLACES)


@bp.route("/<int:number>", methods=["GET", "POST"])
@requires(Permission.CANNED_RESPONSES_EDIT)
def edit(number: int) -> ResponseReturnValue:
    """Its code and its words."""
    response = canned_of(current_account().id, number)
    code, form = response.short_code, CannedForm(obj=response)
    if form.validate_on_submit():
        with blaming(form):
            change_canned(response, changes=_given(form), actor=current_user())
            return back_to(_index(), gettext("/%(code)s is saved.", code=response.short_code))
    return form_page("canned/edit.html", form, number=number, code=code, places=PLACES)


@bp.route("/<int:number>/removal", methods=["GET", "POST"])
@requires(Permission.CANNED_RESPONSES_EDIT)
def remove(number: int) -> ResponseReturnValue:
    """Are you sure?"""
    response = canned_of(current_account().id, number)
    if request.method != "POST":
        return page_or_part("canned/removal.html", "canned/_removal.html", response=response)
    code = response.short_code
    remove_canned(response, actor=current_user())
    return back_to(_index(), gettext("/%(code)s is deleted.", code=code))


def _given(form: CannedForm) -> dict[str, object]:
    return {"short_code": form.short_code.data, "content": form.content.data}


def _index() -> str:
    return url_for(".index", account_id=current_account().id)
