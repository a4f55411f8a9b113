"""How deliveries are spoken of: their states, what went wrong with an attempt, what can be done about it."""

from dashboard.lib.text import N_
from dashboard.webhooks.models import DONE
from dashboard.webhooks.models import FAILED
from dashboard.webhooks.models import WAITING

STATES = {WAITING: N_("Waiting"), DONE: N_("Delivered"), FAILED: N_("Failed")}
KINDS = {WAITING: "", DONE: "good", FAILED: "bad"}  # of badge

# What stands for a status when there was none: the words of `lib.outgoing`.
PROBLEMS = {
    "address": N_("The address is not one that can be called"),
    "connection": N_("The connection broke"),
    "dns": N_("The name of the host is not known"),
    "expired": N_("It had waited for too long"),
    "handshake": N_("The encryption is not in order"),
    "http": N_("The answer is not HTTP"),
    "moved": N_("It has moved on and on"),
    "private_address": N_("The address is not a public one"),
    "refused": N_("The connection was refused"),
    "timeout": N_("There was no answer in time"),
    "tls": N_("The certificate is not in order"),
    "too_large": N_("The answer is too large"),
}
UNKNOWN = N_("It did not work")

# What helps, for whoever can do something about it.
ADVICE = {
    "address": N_("Correct the address."),
    "connection": N_("The receiver closed the connection before it had answered. Its log says why."),
    "dns": N_("Is the name in the address spelled right, and does it exist outside of your own network?"),
    "handshake": N_("The receiver's server and the desk found no way of encrypting that both know."),
    "http": N_("Something answers there, but it is no web server. Is the port right?"),
    "private_address": N_(
        "It leads into a private network, where the desk sends nothing. Whoever runs the desk can allow it "
        "with OUTGOING_ALLOW."
    ),
    "refused": N_("Nothing listens at that address. Is the receiver running?"),
    "timeout": N_("A receiver should answer at once with 200, and work on what it got afterwards."),
    "tls": N_("The certificate has expired, is for another name, or was issued by nobody that is known."),
}
ADVICE_FOR_STATUS = {
    3: N_("The address has moved, and the desk follows nobody: enter the new one."),
    4: N_("The receiver does not want it as it is: the address, a password or the check of the signature."),
    5: N_("Something is wrong at the receiver. Its log says what."),
}
