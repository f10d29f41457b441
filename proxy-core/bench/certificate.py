"""The certificate that every peer shows: self-signed, P-256, for the application's name and for loopback."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import tools
from failure import Failure
from scenarios import HOST


@dataclass(frozen=True)
class Certificate:
    """Files in PEM."""

    chain: Path
    key: Path
    both: Path  # one behind the other, as HAProxy wants it


def make(directory: Path) -> Certificate:
    made = Certificate(directory / "chain.pem", directory / "key.pem", directory / "both.pem")
    command = [tools.path_of("openssl"), "req", "-x509", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    # wrk asks for the address by SNI, h2load for the name.
    command += ["-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1"]
    command += ["-keyout", str(made.key), "-out", str(made.chain)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30)
    if result.returncode:
        raise Failure(f"openssl makes no certificate: {result.stderr.strip()}")
    made.both.write_text(made.chain.read_text() + made.key.read_text())
    return made
