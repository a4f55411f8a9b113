"""Settings → Custom attributes: what the desk keeps of contacts and conversations."""

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from dashboard.accounts.permissions import Permission
from dashboard.attributes.forms import MODEL_NAMES
from dashboard.attributes.forms import TYPE_NAMES
from dashboard.attributes.forms import DefinitionForm
from dashboard.attributes.models import AttributeDefinition
from dashboard.attributes.operations import add_definition
from dashboard.attributes.operations import change_definition
from dashboard.attributes.operations import remove_definition
from dashboard.attributes.queries import CONVERSATION
from dashboard.attributes.queries import definition_of
from dashboard.attributes.queries import definitions_of
from dashboard.http.current import current_account
from dashboard.http.current import current_user
from dashboard.http.guards import requires
from dashboard.http.pages import back_to
from dashboard.http.pages import blaming
from dashboard.http.pages import form_page
from dashboard.http.pages import page_or_part

bp = Blueprint("attributes", __name__, url_prefix="/custom-attributes")
FIXED = ("attribute_model", "attribute_key", "attribute_display_type")


@bp.get("")
@requires(Permission.ATTRIBUTES_MANAGE)
def index() -> ResponseReturnValue:
    """Those of conversations, or those of contacts."""
    model = _model_asked()
    definitions = definitions_of(current_account(), model)
    return render_template(
        "attributes/index.html", definitions=definitions, model=model, models=MODEL_NAMES, types=TYPE_NAMES
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.ATTRIBUTES_MANAGE)
def new() -> ResponseReturnValue:
    """One more thing to keep."""
    form = DefinitionForm(attribute_model=_model_asked(), attribute_display_type="text")
    if form.validate_on_submit():
        with blaming(form):
            definition = add_definition(current_account(), given=form.given, actor=current_user())
            saved = gettext("%(name)s is added.", name=definition.attribute_display_name)
            return back_to(_index(definition.attribute_model), saved)
    return form_page("attributes/new.html", form, back=_index(_model_asked()))


@bp.route("/<int:definition_id>", methods=["GET", "POST"])
@requires(Permission.ATTRIBUTES_MANAGE)
def edit(definition_id: int) -> ResponseReturnValue:
    """Its words, its values and its pattern; what values are kept by stays."""
    definition = definition_of(current_account().id, definition_id)
    form = _form_of(definition)
    if form.validate_on_submit():
        with blaming(form):
            change_definition(definition, changes=form.given, actor=current_user())
            saved = gettext("%(name)s is saved.", name=definition.attribute_display_name)
            return back_to(_index(definition.attribute_model), saved)
    return form_page(
        "attributes/edit.html",
        form,
        definition=definition,
        types=TYPE_NAMES,
        back=_index(definition.attribute_model),
    )


@bp.route("/<int:definition_id>/removal", methods=["GET", "POST"])
@requires(Permission.ATTRIBUTES_MANAGE)
def remove(definition_id: int) -> ResponseReturnValue:
    """Are you sure?"""
    definition = definition_of(current_account().id, definition_id)
    back, name = _index(definition.attribute_model), definition.attribute_display_name
    if request.method != "POST":
        return _removal_page(definition, back)
    remove_definition(definition, actor=current_user())
    return back_to(back, gettext("%(name)s is deleted.", name=name))


def _removal_page(definition: AttributeDefinition, back: str) -> Response:
    return page_or_part(
        "attributes/removal.html", "attributes/_removal.html", definition=definition, back=back
    )


def _model_asked() -> str:
    model = request.args.get("model", "")
    return model if model in MODEL_NAMES else CONVERSATION


def _index(model: str) -> str:
    return url_for(".index", account_id=current_account().id, model=model)


def _form_of(definition: AttributeDefinition) -> DefinitionForm:
    """With what may change; the type is known, so that its values are asked for."""
    form = DefinitionForm(
        attribute_display_name=definition.attribute_display_name,
        attribute_description=definition.attribute_description,
        attribute_values="\n".join(definition.attribute_values),
        regex_pattern=definition.regex_pattern,
        regex_cue=definition.regex_cue,
    )
    for name in FIXED:
        del form[name]
    kind = definition.attribute_display_type
    if kind != "list":
        del form.attribute_values
    if kind != "text":
        del form.regex_pattern
        del form.regex_cue
    return form
