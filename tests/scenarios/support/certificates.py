"""Certificates of an authority of our own, made for one test run with the program openssl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    chain: Path
    key: Path


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_authority(folder, name="authority"):
    certificate = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    _openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", f"/CN={name}", "-keyout", certificate.key, "-out", certificate.chain,
    )  # fmt: skip
    return certificate


def issue(folder, authority, address, name="server"):
    """A certificate that the authority gives to `address`, such as IP:127.0.0.1 or DNS:example.com."""
    request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
    certificate = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    _openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
        "-keyout", certificate.key, "-out", request,
    )  # fmt: skip
    extensions.write_text(f"subjectAltName={address}\n", encoding="ascii")
    _openssl(
        "x509", "-req", "-in", request, "-CA", authority.chain, "-CAkey", authority.key, "-CAcreateserial",
        "-days", "2", "-extfile", extensions, "-out", certificate.chain,
    )  # fmt: skip
    return certificate
