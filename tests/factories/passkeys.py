"""An authenticator: what a phone or a security key does when a page asks it for a passkey."""

import json
import os
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Authenticator:
    """Holds one passkey for one site."""

    def __init__(self, site: str = "testserver") -> None:
        self.site, self.number = site, os.urandom(16)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.owner = b""

    def make(self, asked: dict) -> str:
        """Answer `navigator.credentials.create`."""
        options = asked["creation_options"]["publicKey"]
        self.owner = options["user"]["id"].encode()
        public = ES256.from_cryptography_key(self.key.public_key())
        data = AuthenticatorData.create(
            sha256(self.site.encode()).digest(),
            PRESENT_AND_VERIFIED | AuthenticatorData.FLAG.AT,
            0,
            AttestedCredentialData.create(b"\0" * 16, self.number, public),
        )
        return self._answer(
            clientDataJSON=websafe_encode(self._asked("webauthn.create", options)),
            attestationObject=websafe_encode(AttestationObject.create("none", data, {})),
        )

    def sign(self, asked: dict) -> str:
        """Answer `navigator.credentials.get`."""
        client = self._asked("webauthn.get", asked["request_options"]["publicKey"])
        data = AuthenticatorData.create(
            sha256(self.site.encode()).digest(), PRESENT_AND_VERIFIED, 1
        )
        signed = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=websafe_encode(client),
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signed),
            userHandle=self.owner.decode(),
        )

    def _asked(self, kind: str, options: dict) -> CollectedClientData:
        origin = f"https://{self.site}"
        return CollectedClientData.create(kind, options["challenge"], origin)

    def _answer(self, **response: str) -> str:
        number = websafe_encode(self.number)
        return json.dumps(
            {
                "id": number,
                "rawId": number,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
