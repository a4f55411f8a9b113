"""What a verdict on an app's address means, in one sentence; and the lines that let the desk frame it."""

from dataclasses import dataclass

from dashboard.lib.text import N_

# `about` is the status or the origin that the verdict is about, `desk` the desk's own origin.
SENTENCES = {
    "fine": N_("Browsers show this app in the desk."),
    "own": N_("This is the address of the desk itself. Give the app a host or a port of its own."),
    "mixed": N_(
        "This desk has an https:// address, and browsers show no http:// page inside one. "
        "Give the app an https:// address."
    ),
    "ipv6": N_("Browsers do not let a page show an IPv6 number as the host of an app. Give the app a name."),
    "address": N_("This address cannot be used. Change it to one that the form accepts."),
    "empty": N_("The app's server answers without a page (%(about)s), so the frame stays empty."),
    "download": N_("The app's server sends a file to keep instead of a page to show."),
    "elsewhere": N_("The address leads to %(about)s. The desk shows an app only at its own address."),
    "ancestors": N_("The app allows frames on some sites, and %(desk)s is not among them."),
    "frame_options": N_("The app's server forbids other sites to show it in a frame."),
    "foreign": N_("The address leads to %(about)s, which the desk shows here, and tells nothing."),
    "upgraded": N_("The address leads to %(about)s, where the app is told nothing. Use that address here."),
    "scripts": N_("The app's server switches the app's scripts off, so it hears nothing from the desk."),
    "opaque": N_("The app's server takes its origin away from the app, so the desk can tell it nothing."),
    "status": N_("The app's server answers with an error: %(about)s."),
    "dns": N_("No server is known by the name in this address."),
    "tls": N_("The certificate of the app's server is not in order, so browsers refuse it."),
    "unreachable": N_("The desk cannot reach the app's server, or gets no answer in time."),
    "unreadable": N_("The app's server answers in a way that browsers do not take."),
    "moved": N_("The address leads on and on without an end. Perhaps the app waits for a cookie."),
    "internal": N_("This address is in an internal network, so it is checked from your browser only."),
}

# What does not keep the app away, and may still be in the way.
WARNINGS = {
    "cookies": N_("Browsers drop its cookies in a frame: they need SameSite=None; Secure; Partitioned."),
    "features": N_(
        "Its server takes away from it, by Permissions-Policy, what it may do here with the browser."
    ),
    "local_network": N_("It is in an internal network: browsers ask people before they let a page in there."),
    "not_html": N_("What it sends is not an HTML page."),
    "placeholder": N_("The check put 1 in place of each placeholder of the address."),
    "sign_in": N_(
        "It seems to ask people to sign in, which often fails in a frame: try it in a conversation."
    ),
}

# The causes that the lines below cure.
FRAMING = {"ancestors", "frame_options"}


@dataclass(frozen=True)
class Fix:
    """Lines to paste into what serves the app; `{desk}` stands for the desk's own origin."""

    server: str
    text: str

    def for_desk(self, desk: str) -> str:
        return self.text.replace("{desk}", desk)


FIXES = (
    Fix(
        "nginx",
        """\
proxy_hide_header X-Frame-Options;
add_header Content-Security-Policy "frame-ancestors 'self' {desk}" always;
""",
    ),
    Fix(
        "Apache",
        """\
Header unset X-Frame-Options
Header always unset X-Frame-Options
Header always set Content-Security-Policy "frame-ancestors 'self' {desk}"
""",
    ),
    Fix(
        "Caddy",
        """\
header {
    -X-Frame-Options
    Content-Security-Policy "frame-ancestors 'self' {desk}"
    defer
}
""",
    ),
    Fix(
        "Express",
        """\
app.use(helmet({
  xFrameOptions: false,
  contentSecurityPolicy: {
    directives: { frameAncestors: ["'self'", "{desk}"] },
  },
}));
""",
    ),
    Fix(
        "Flask",
        """\
@app.after_request
def allow_desk(response):
    response.headers.pop("X-Frame-Options", None)
    response.headers["Content-Security-Policy"] = "frame-ancestors 'self' {desk}"
    return response
""",
    ),
    Fix(
        "Django",
        """\
# the last entry of MIDDLEWARE
def allow_desk(get_response):
    def middleware(request):
        response = get_response(request)
        response.xframe_options_exempt = True
        response["Content-Security-Policy"] = "frame-ancestors 'self' {desk}"
        return response
    return middleware
""",
    ),
    Fix(
        "Rails",
        """\
# config/initializers/content_security_policy.rb
Rails.application.config.content_security_policy do |policy|
  policy.frame_ancestors :self, "{desk}"
end
Rails.application.config.action_dispatch.default_headers.delete("X-Frame-Options")
""",
    ),
    Fix(
        "Laravel",
        """\
// handle() of a middleware for all routes
$response = $next($request);
$response->headers->remove('X-Frame-Options');
$response->headers->set('Content-Security-Policy', "frame-ancestors 'self' {desk}");
return $response;
""",
    ),
)
