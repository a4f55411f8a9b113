"""Settings → Labels: the words that conversations and contacts are sorted by."""

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blaming
from dashboard.http.pages import form_page
from dashboard.http.pages import page_or_part
from dashboard.labels.forms import LabelForm
from dashboard.labels.models import USUAL_COLOR
from dashboard.labels.operations import add_label
from dashboard.labels.operations import change_label
from dashboard.labels.operations import remove_label
from dashboard.labels.queries import colors_of
from dashboard.labels.queries import label_of
from dashboard.labels.queries import labels_of

# Offered beside the browser's own way to choose: they can be told apart on light and on dark.
COLORS = (
    "#e5484d",
    "#f76b15",
    "#e2a336",
    "#46a758",
    "#12a594",
    "#1f93ff",
    "#3e63dd",
    "#8e4ec6",
    "#e93d82",
    "#8d8d8d",
)

bp = Blueprint("labels", __name__, url_prefix="/labels")


@bp.app_template_filter()
def label_color(title: str) -> str:
    """The colour of a label of the account; nothing for one that is not defined."""
    return colors_of(current_account()).get(title, "")


@bp.get("")
@requires(Permission.LABELS_MANAGE)
def index() -> ResponseReturnValue:
    """Every label of the account."""
    return render_template("labels/index.html", labels=labels_of(current_account()))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.LABELS_MANAGE)
def new() -> ResponseReturnValue:
    """One more label."""
    form = LabelForm(color=USUAL_COLOR, show_on_sidebar=True)
    if form.validate_on_submit():
        with blaming(form):
            label = add_label(current_account(), given=_given(form), actor=current_user())
            return back_to(_index(), gettext("The label %(title)s is added.", title=label.title))
    return form_page("labels/new.html", form, colors=COLORS)


@bp.route("/<int:label_id>", methods=["GET", "POST"])
@requires(Permission.LABELS_MANAGE)
def edit(label_id: int) -> ResponseReturnValue:
    """Its title, its meaning, its colour. What carries it follows."""
    label = label_of(current_account().id, label_id)
    title, form = label.title, LabelForm(obj=label)
    if form.validate_on_submit():
        with blaming(form):
            change_label(label, changes=_given(form), actor=current_user())
            return back_to(_index(), gettext("The label %(title)s is saved.", title=label.title))
    return form_page("labels/edit.html", form, label=label, title=title, colors=COLORS)


@bp.route("/<int:label_id>/removal", methods=["GET", "POST"])
@requires(Permission.LABELS_MANAGE)
def remove(label_id: int) -> ResponseReturnValue:
    """Are you sure?"""
    label = label_of(current_account().id, label_id)
    if request.method != "POST":
        return page_or_part("labels/removal.html", "labels/_removal.html", label=label)
    title = label.title
    remove_label(label, actor=current_user())
    return back_to(_index(), gettext("The label %(title)s is deleted.", title=title))


def _given(form: LabelForm) -> dict[str, object]:
    return {name: form[name].data for name in ("title", "description", "color", "show_on_sidebar")}


def _index() -> str:
    return url_for(".index", account_id=current_account().id)
