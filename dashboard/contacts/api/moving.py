"""JSON doors: contacts in and out as CSV."""

from flask import Blueprint
from flask import send_file
from flask.typing import ResponseReturnValue

from dashboard.accounts.permissions import Permission
from dashboard.attributes.queries import CONTACT
from dashboard.attributes.queries import definitions_of
from dashboard.contacts.operations.moving import ask_for_import
from dashboard.contacts.operations.moving import exported
from dashboard.contacts.queries import filter_of
from dashboard.contacts.queries import labelled
from dashboard.contacts.schemas import EXPORT
from dashboard.http.answers import empty
from dashboard.http.bodies import accepted
from dashboard.http.bodies import body
from dashboard.http.bodies import files_under
from dashboard.http.current import current_account
from dashboard.http.errors import Refused
from dashboard.http.guards import requires
from dashboard.http.openapi import describes
from dashboard.lib.filters import BadFilter

NO_FILE = "File is blank"

bp = Blueprint("moving_contacts", __name__, url_prefix="/accounts/<int:account_id>/contacts")


@bp.post("/import")
@requires(Permission.CONTACTS_MOVE)
@describes(
    "Take in the contacts of a CSV file",
    details="Sent as `import_file` in a multipart body, with the names of the columns in the first line: "
    "`name`, `email`, `phone_number`, `identifier`, `company_name`, `city`, `country`, and custom "
    "attributes. A job does it: who is known is changed, and rows that cannot be used are left out.",
)
def take_in() -> ResponseReturnValue:
    body(files="import_file")
    files = files_under("import_file")
    if not files:
        raise Refused(NO_FILE)
    ask_for_import(current_account(), files[0].stream)
    return empty()


@bp.post("/export")
@requires(Permission.CONTACTS_MOVE)
@describes(
    "Get the contacts as CSV",
    body=EXPORT,
    details="Those that are known by something; of these, those that `payload` means, a filter, or that "
    "carry the `label`. The file is the answer: upstream sends it by e-mail.",
)
def export() -> ResponseReturnValue:
    given = accepted(EXPORT)
    conditions = [labelled([given["label"]])] if given.get("label") else []
    if given.get("payload"):
        try:
            conditions.append(filter_of(given["payload"], definitions_of(current_account(), CONTACT)))
        except BadFilter as error:
            raise Refused(str(error)) from None
    table = exported(current_account(), *conditions, columns=given.get("column_names") or ())
    return send_file(table, mimetype="text/csv", as_attachment=True, download_name="contacts.csv")
