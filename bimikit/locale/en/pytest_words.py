"""What assertions and the pytest plugin say besides reports, in English."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # what is asked, as a list tells it
    "asked.readable": "can be read",
    "asked.conforms": "conforms",
    "asked.ready": "is ready for {providers}",
    "asked.good": "looks good",
    "asked.valid": "is valid for {domain}",
    "asked.lasting": "is valid for {days} full days yet",
    "asked.matches": "matches {logo}",
    "asked.revoked": "is not revoked",
    # that it isn't so
    "failed.conforms": "{subject} does not conform",
    "failed.ready": "{subject} is not ready for {providers}",
    "failed.good": "{subject} does not look good",
    "failed.valid": "{subject} is not valid for {domain}",
    "failed.lasting": "{subject} is not valid for {days} full days yet",
    "failed.matches": "{subject} does not match {logo}",
    "failed.revoked": "{subject} is revoked, or no Mark Certificate",
    # that it could not be found out
    "undecided.conforms": "it could not be found out whether {subject} conforms",
    "undecided.ready": "it could not be found out whether {subject} is ready for {providers}",
    "undecided.good": "it could not be found out whether {subject} looks good",
    "undecided.valid": "it could not be found out whether {subject} is valid for {domain}",
    "undecided.lasting": "it could not be found out whether {subject} is valid for {days} full days yet",
    "undecided.matches": "it could not be found out whether {subject} matches {logo}",
    "undecided.revoked": "it could not be found out whether {subject} is revoked",
    # why, where no finding tells
    "not-covered": "the certificate is not for {domain}",
    "revocation-unchecked": "revocation must be checked, and was not: give the authorities' revocation lists (CRLs)",
    # names of subjects
    "svg": "the logo",
    "certificate": "the certificate",
    "zone": "the zone file",
    "with-selector": "{domain} (selector {selector})",
    "comma": ", ",
    # what stands in the way
    "unreadable": "{file} can't be read: {reason}",
    "unreadable-at": "{file} can't be read: {reason} ({path})",
    "searched": " (looked for bimikit.toml, or pyproject.toml with a table [tool.bimikit], in pytest's "
    "rootdir {folder} and above)",
    "no-publication": "{file} has no publication of {domain}; it has {known}",
    "no-publications": "{file} has no publications",
    "no-config": "there is no configuration that could say what {domain} publishes: write one, or give svg=, certificate=, "
    "dmarc=, record= or zone=",
    "no-config-at-all": "there is no configuration that names publications",
    "no-providers": "name a mailbox provider: nobody says which must be ready",
    "several-reports": "{subject} has several publications: take .reports, or name a selector",
    # the plugin
    "live": "this asks the network: run pytest with --bimi-live, or mark the test with @pytest.mark.bimi_live",
    "live-arguments": "{test}: @pytest.mark.bimi_live takes no arguments: take them out, or the mark",
    "within": "in a subtest: {reasons}",
    "nothing-asked": "nothing is asked of {subject}, so that this test passes whatever is wrong: add .conforms(), or "
    "what else you want to know",
    "undecided-setting": "bimi_undecided is {value}; it must be error or xfail",
    "no-report-folder": "--bimi-report: {folder} can't be written to: {reason}",
    "foreign-folder": "--bimi-report: {file} was not written by bimikit, and would be overwritten: name an empty folder, or one of an earlier run",
    "reports-written": "bimikit: {count} reports in {file}",
    # the index of reports
    "index.title": "What the tests judged",
    "index.none": "The tests judged nothing.",
    "index.PASS": "so it is",
    "index.FAIL": "it is not so",
    "index.INDETERMINATE": "could not be found out",
}
