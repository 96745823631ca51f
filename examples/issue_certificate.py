"""Issue a Mark Certificate for a sample logo with the test authority that comes with bimikit, and write its files.

Usage: python examples/issue_certificate.py LOGO FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from bimikit.testing import MarkCA

logo, folder = Path(sys.argv[1]), Path(sys.argv[2])
ca = MarkCA()
good = ca.issue("example.com", logo=logo.read_bytes())
leaf_alone = ca.issue("example.com", logo=logo.read_bytes(), defect="leaf-alone")
(folder / "vmc.pem").write_bytes(good.pem)
(folder / "vmc-without-chain.pem").write_bytes(leaf_alone.pem)
(folder / "root.pem").write_bytes(ca.root_pem)
(folder / "log.pem").write_bytes(ca.log_pem)
(folder / "issuing.crl").write_bytes(ca.crl())
(folder / "root.crl").write_bytes(ca.crl(of="root"))
