"""Issue a Mark Certificate for a logo with the test authority that comes with bimikit, and write its files.

No mailbox trusts it: it is for trying things out. Pass root.pem as --roots and log.pem as --ct-log.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bimikit.testing import MarkCA

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("logo", type=Path, help="the SVG file")
parser.add_argument("folder", type=Path, help="where the files go; it is made if it isn't there")
parser.add_argument("--domain", default="example.com", help="the domain it is for (default: %(default)s)")
given = parser.parse_args()

ca = MarkCA()
logo = given.logo.read_bytes()
given.folder.mkdir(parents=True, exist_ok=True)
for name, content in {
    "vmc.pem": ca.issue(given.domain, logo=logo).pem,
    "vmc-without-chain.pem": ca.issue(given.domain, logo=logo, defect="leaf-alone").pem,
    "root.pem": ca.root_pem,
    "log.pem": ca.log_pem,
    "issuing.crl": ca.crl(),
    "root.crl": ca.crl(of="root"),
}.items():
    (given.folder / name).write_bytes(content)
