"""A home directory of one's own for google-auth, and a service account's key to put there."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ROOT = Path(__file__).parents[2]
ACCOUNT = "gate@acme.iam.gserviceaccount.com"
TOKEN = "ya29.a-secret-token"


@dataclass(frozen=True)
class Home:
    """A home directory with nothing in it but what the test puts there."""

    path: Path

    def run(self, program: str, *arguments: str, credentials: Path | None, **env: str) -> Any:
        named = {"GOOGLE_APPLICATION_CREDENTIALS": str(credentials)} if credentials else {}
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", program, *arguments],
            cwd=ROOT,
            env={
                "HOME": str(self.path),
                "PATH": "/nowhere",
                "NO_GCE_CHECK": "true",
                **named,
                **env,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        assert TOKEN not in ended.stdout
        assert "PRIVATE KEY" not in ended.stdout
        return json.loads(ended.stdout)

    def file(self, content: object) -> Path:
        path = self.path / "credentials.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path


def make_private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def account_key(private_key: str, token_uri: str) -> dict[str, str]:
    return {
        "type": "service_account",
        "project_id": "acme",
        "private_key_id": "1",
        "private_key": private_key,
        "client_email": ACCOUNT,
        "token_uri": token_uri,
    }
