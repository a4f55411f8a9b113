"""What names, addresses and passwords of people may be."""

import re

from email_validator import EmailNotValidError
from email_validator import validate_email

from dashboard.lib import clock
from dashboard.lib.checks import needed_text
from dashboard.lib.errors import Invalid
from dashboard.lib.passwords import LONGEST
from dashboard.lib.passwords import SHORTEST
from dashboard.lib.text import N_

LONGEST_NAME = 255
_BAD_IN_NAMES = re.compile(r"[\x00-\x1f\x7f]")


def checked_name(field: str, name: str) -> str:
    """The name on one line, without blanks around it.

    Raises:
        Invalid: nothing is left of it, or it has more than 255 characters.
    """
    return needed_text(field, _BAD_IN_NAMES.sub(" ", name), LONGEST_NAME)


def checked_password(password: str) -> str:
    """The password, if it may be one.

    Raises:
        Invalid: too short or too long.
    """
    if len(password) < SHORTEST:
        raise Invalid("password", N_("Use at least %(length)s characters."), length=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid("password", N_("Use at most %(length)s characters."), length=LONGEST)
    return password


def checked_time_zone(name: str) -> str:
    """The IANA name of a time zone, such as Europe/Madrid.

    Raises:
        Invalid: there is no such zone.
    """
    if name not in clock.time_zones():
        raise Invalid("time_zone", N_("is not a time zone"))
    return name


def checked_email(email: str) -> str:
    """The address in lower case, if it can be one; whether it exists nobody asks.

    Raises:
        Invalid: it cannot.
    """
    try:
        valid = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid("email", N_("is invalid")) from None
    return valid.normalized.lower()
