"""The peer of a cold start in Python: one answer, then the end."""

import json
import sys

sys.stdout.write(json.dumps({"hello": "world"}))
