"""The texts of the rules on what is fetched in English."""

from __future__ import annotations

from .. import Text

RULES: dict[str, Text] = {
    # the URL and its host
    "web.url-invalid": Text(
        "URL that can't be used",
        "{kind} has a URL that can't be used: {reason}. It is “{url}”.",
        "Programs read such a URL in different ways, or not at all. A receiver that can't read it shows no logo.",
        "Publish a plain URL: https://, the host's name, and the path, such as https://www.example.com/bimi/logo.svg. Characters beyond letters, digits and -._~/ are percent-encoded in the path (a blank is %20).",
    ),
    "web.not-https": Text(
        "Not an https URL",
        "{kind} must be at an https URL, but it is at {url}.",
        "The draft allows https only. Receivers don't fetch anything else, so the logo doesn't show.",
        "Make the file available over https, and begin the URL with https://.",
    ),
    "web.port": Text(
        "Port of another service",
        "{url} names the port {detail}, which belongs to another service than the web, so it was not asked.",
        "bimikit asks the ports 80, 443 and those from 1024 on. Receivers may refuse odd ports too, and many networks block them.",
        "Serve the file on the usual port 443, and leave the port out of the URL.",
    ),
    "web.host-missing": Text(
        "Host has no address",
        "{kind} can't be fetched: the host in {url} has no IP address in DNS ({detail}).",
        "A receiver can't find the server either, and shows no logo.",
        "Check the host's name for typing errors. If it is right, add an A or AAAA record for it, or move the file to a host that has one.",
    ),
    "web.address-forbidden": Text(
        "Address that is not public",
        "The host in {url} is at {detail}, {reason}, so it was not asked.",
        "Receivers on the internet can't reach such an address. That one of several addresses is wrong is enough for some of them to fail. A host that points into a private network is also a way to attack whoever fetches from it.",
        "Make the host's A and AAAA records name public addresses only. To check a server of your own laboratory, allow its network.",
    ),
    # TLS
    "web.tls-expired": Text(
        "Web server's certificate expired",
        "The TLS certificate of the server for {url} has expired ({detail}).",
        "A receiver doesn't accept an expired certificate, and fetches nothing from the server.",
        "Renew the web server's certificate, and have it renewed automatically from now on. This is not about the VMC or CMC.",
    ),
    "web.tls-name": Text(
        "Web server's certificate is for another name",
        "The TLS certificate of the server for {url} is not for this host ({detail}).",
        "A receiver can't be sure that it speaks with the right server, and fetches nothing.",
        "Install a certificate that names this host, or publish a URL with a host that the certificate names. This is not about the VMC or CMC.",
    ),
    "web.tls-untrusted": Text(
        "Web server's certificate not trusted",
        "The TLS certificate of the server for {url} doesn't lead to a trusted CA ({detail}).",
        "A receiver doesn't accept a self-signed certificate, one of a CA nobody knows, or a chain with a gap.",
        "Use a certificate from a public CA, and have the server send the intermediate certificates as well (the “full chain”). If browsers show the file all the same, an intermediate certificate is missing. To check a server of your own laboratory, give its CA as a trusted one.",
    ),
    "web.tls-invalid": Text(
        "No secure connection",
        "No secure connection could be made for {url} ({detail}).",
        "Without TLS a receiver fetches nothing.",
        "Check that the server speaks TLS 1.2 or 1.3 on this port, with a certificate that is valid for the host: openssl s_client -connect HOST:443 -servername HOST shows what it does.",
    ),
    "web.tls-old": Text(
        "Outdated TLS",
        "The server for {url} offers nothing newer than {version}.",
        "Receivers should ask for TLS 1.2 or newer, and those that do can fetch nothing here.",
        "Switch TLS 1.2 and 1.3 on in the web server, and the versions before them off.",
    ),
    # the answer
    "web.not-http": Text(
        "No web server",
        "What answers at {url} doesn't speak HTTP ({detail}).",
        "A receiver can't make sense of the answer, and shows no logo.",
        "Check host and port of the URL, and that a web server listens there.",
    ),
    "web.not-found": Text(
        "Nothing at this URL",
        "There is nothing at {url}: the server answers {status} (not found).",
        "A receiver finds nothing there either, and shows no logo.",
        "Upload the file to exactly this URL (capital and small letters count), or correct the URL in the record. Open the URL in a private browser window to see what others see.",
    ),
    "web.status": Text(
        "Server refuses the file",
        "{kind} is not sent: the server answers {status} for {url}.",
        "Anything but 200 means that there is no file to show.",
        "Let anybody fetch the URL without logging in, without cookies, and from every country. Firewalls and bot protection are often the cause of 401 and 403: exempt this URL from them.",
    ),
    "web.redirect": Text(
        "Redirect",
        "{kind} is not at its URL itself: {count} redirect(s) lead to {url}.",
        "The drafts don't forbid redirects, but some receivers follow few or none. This is experience, not a requirement.",
        "Publish the final URL in the record, or serve the file at the published URL directly.",
    ),
    "web.redirect-to-http": Text(
        "Redirect to http",
        "The server redirects from https to {url}, which isn't https.",
        "The draft allows https only, so receivers don't follow.",
        "Let the redirect lead to an https URL, or better, publish the final https URL in the record.",
    ),
    "web.redirect-loop": Text(
        "Redirects in a circle",
        "The redirects lead back to {url}.",
        "No receiver ever reaches the file.",
        "Correct the server's redirects, between names with and without www for instance, or publish a URL that is not redirected.",
    ),
    "web.too-many-redirects": Text(
        "Too many redirects",
        "After {limit} redirects, {url} redirects once more, so it was given up.",
        "Receivers give up too, most of them earlier.",
        "Publish the final URL in the record, and serve the file there directly.",
    ),
    "web.too-large": Text(
        "Far too large",
        "What is at {url} has more than {limit}, so it was not read to the end.",
        "A logo should have no more than 32 KB, and a certificate with its chain some kilobytes. Receivers limit what they download.",
        "Publish the file itself at this URL, and make the logo smaller: without bitmaps, metadata and needless points.",
    ),
    "web.encoding": Text(
        "Unreadable compression",
        "{url} is sent with the content encoding “{detail}”: {reason}.",
        "It was asked for without compression. A receiver that can't unpack it has no file.",
        "Switch compression off for this URL. If the file is a gzipped logo (.svgz), the server must either send it with the header Content-Encoding: gzip or as it is, but not compress it again.",
    ),
    "web.media-type": Text(
        "Unexpected media type",
        "{kind} is sent as “{type}” from {url}.",
        "The drafts don't ask for a media type, but some receivers may refuse a file that says it is something else; “text/html” often means that an error page is sent. This is experience, not a requirement.",
        "Set the header Content-Type of this URL: image/svg+xml for a logo, application/pem-certificate-chain for a certificate.",
    ),
    # what could not be found out
    "web.unreachable": Text(
        "Could not be fetched this time",
        "{kind} could not be fetched from {url}: {reason} ({detail}).",
        "This may pass, so nothing is said for or against the file. If it happens to a receiver too, the logo doesn't show meanwhile.",
        "Check again later, and from another network. If it stays so, look at the server: whether it runs, answers within seconds, and lets strangers in.",
    ),
    "web.crl-unreachable": Text(
        "List of revoked certificates could not be fetched",
        "{kind} could not be fetched from {url}: {reason} ({detail}).",
        "Without the list nobody can tell whether the certificate was revoked. It is the issuing authority's server, not yours.",
        "Check again later. If it stays so, tell the authority that issued the certificate. Where the certificate is checked as a file, a list that you downloaded yourself can be given.",
    ),
    # what was not asked
    "web.not-fetched": Text(
        "Not looked at",
        "{kind} at {url} was not looked at.",
        "What wasn't looked at is neither right nor wrong. Until it is, no mailbox provider is called ready.",
        "Check the live domain and let its files be fetched, or give the file itself.",
    ),
}
