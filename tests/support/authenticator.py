"""An authenticator in software: makes passkeys and answers with them, honestly or not."""

import hashlib
import json
import struct
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from chatrigo import security
from chatrigo.config import settings

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


class Authenticator:
    """One device with one passkey. Change its fields to make it lie."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = security.token()
        self.user_handle = ""
        self.count = 0
        self.origin = settings.origin
        self.flags = PRESENT | VERIFIED
        self.site = "localhost"

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """As navigator.credentials.create() answers."""
        self.user_handle = options["user"]["id"]
        point = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        raw = base64url_to_bytes(self.id)
        attested = bytes(16) + struct.pack(">H", len(raw)) + raw + cbor2.dumps(cose)
        made = {"fmt": "none", "attStmt": {}, "authData": self._authenticator(ATTESTED) + attested}
        return self._told(
            {
                "clientDataJSON": self._client("webauthn.create", options["challenge"]),
                "attestationObject": bytes_to_base64url(cbor2.dumps(made)),
                "transports": ["internal"],
            }
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """As navigator.credentials.get() answers."""
        self.count += 1
        client = self._client("webauthn.get", options["challenge"])
        data = self._authenticator()
        hashed = hashlib.sha256(base64url_to_bytes(client)).digest()
        return self._told(
            {
                "clientDataJSON": client,
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(self.key.sign(data + hashed, ec.ECDSA(SHA256()))),
                "userHandle": self.user_handle,
            }
        )

    def _told(self, response: dict[str, Any]) -> dict[str, Any]:
        return {"id": self.id, "rawId": self.id, "type": "public-key", "response": response}

    def _client(self, kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": self.origin}
        return bytes_to_base64url(json.dumps(said).encode())

    def _authenticator(self, more: int = 0) -> bytes:
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([self.flags | more]) + struct.pack(">I", self.count)
