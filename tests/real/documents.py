"""Documents of other people's APIs, in the styles that people write: what each is, and what must become of it.

They come inside of packages that only tests use. `refused` are the operations that cannot become functions, by reason.
"""

from dataclasses import dataclass, field
from pathlib import Path

from support.places import ROOT

PACKAGES = ROOT / "node_modules"
EXAMPLES = PACKAGES / "@readme/oas-examples"


@dataclass(frozen=True)
class Document:
    name: str
    file: Path
    style: str
    operations: int
    functions: int
    webhooks: int = 0
    refused: dict = field(default_factory=dict)

    def __str__(self):
        return self.name


GITHUB = Document(
    "github",
    PACKAGES / "@octokit/openapi/generated/api.github.com.json",
    "OpenAPI 3.0, JSON, 13 MB, everything by reference",
    operations=1223,
    functions=1223,
)
DOCUMENTS = [
    Document(
        "petstore", EXAMPLES / "2.0/json/petstore.json", "OpenAPI 2.0, JSON, forms and files", operations=20, functions=20
    ),
    Document(
        "discriminators",
        EXAMPLES / "3.0/json/discriminators.json",
        "OpenAPI 3.0, JSON, discriminators of every kind",
        operations=10,
        functions=10,
    ),
    Document("starTrek", EXAMPLES / "3.0/yaml/star-trek.yaml", "OpenAPI 3.0, YAML, forms", operations=120, functions=120),
    Document(
        "readme",
        EXAMPLES / "3.1/json/readme.json",
        "OpenAPI 3.1, JSON, nothing by reference",
        operations=54,
        functions=54,
    ),
    Document(
        "trains",
        EXAMPLES / "3.1/yaml/train-travel.yaml",
        "OpenAPI 3.1, YAML, a webhook",
        operations=8,
        functions=7,
        webhooks=1,
    ),
    Document(
        "figma",
        PACKAGES / "@figma/rest-api-spec/openapi/openapi.yaml",
        "OpenAPI 3.1, YAML, discriminators and types out of others",
        operations=54,
        functions=54,
    ),
    Document(
        "rclone",
        PACKAGES / "rclone-openapi/openapi.yaml",
        "OpenAPI 3.1, YAML, made by a program",
        operations=101,
        functions=100,
        refused={"its multipart/form-data body names no fields": 1},
    ),
    Document(
        "shipengine",
        PACKAGES / "shipengine-openapi/openapi.json",
        "OpenAPI 3.0, JSON, 8.6 MB for 76 operations",
        operations=76,
        functions=76,
    ),
    Document(
        "payments",
        PACKAGES / "@mojaloop/api-snippets/fspiop/v2_0_ISO20022/openapi3/openapi.yaml",
        "OpenAPI 3.0, YAML in more than 200 files",
        operations=24,
        functions=24,
    ),
]
