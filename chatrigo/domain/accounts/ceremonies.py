"""
The two ceremonies of WebAuthn as our site holds them: what a browser is asked, and whether its
answer is good. Nothing here knows the database; accounts/passkeys.py does.

The library is loaded when the first passkey is used: it costs a process some megabytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from chatrigo.config import settings
from chatrigo.errors import Invalid

LASTS = timedelta(minutes=5)
# What a credential of sensible size fits in, written as base64.
LONGEST_PART = 20_000


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a browser has just made."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: list[str]
    backed_up: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A passkey that an answer is checked against, or that is named to a browser."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: Sequence[str]


def creation_options(
    challenge: bytes, user_handle: str, email: str, name: str, known: Sequence[Known]
) -> dict[str, Any]:
    """What a browser makes a passkey from; it refuses on a device that has a `known` one."""
    from webauthn import generate_registration_options
    from webauthn.helpers import base64url_to_bytes, options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=_site(),
        rp_name="Chatrigo",
        user_id=base64url_to_bytes(user_handle),
        user_name=email,
        user_display_name=name or email,
        challenge=challenge,
        timeout=int(LASTS.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json_dict(options)


def request_options(challenge: bytes, known: Sequence[Known] = ()) -> dict[str, Any]:
    """What a browser asks its passkeys with: any of ours, or one of the `known`."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=_site(),
        challenge=challenge,
        timeout=int(LASTS.total_seconds() * 1000),
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def check_made(answer: Any, challenge: bytes) -> Made:
    """The passkey that the browser made for the challenge. Raises Invalid, keeping."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    made = _verdict(
        verify_registration_response,
        credential=answer,
        expected_challenge=challenge,
        expected_rp_id=_site(),
        expected_origin=settings.origin,
        require_user_verification=True,
    )
    return Made(
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(answer),
        backed_up=made.credential_backed_up,
    )


def check_answer(answer: Any, challenge: bytes, known: Known) -> tuple[int, bool]:
    """
    The passkey's new count, and whether it is backed up, if it is the known one that answered.

    A count that did not rise is a copy's. Raises Invalid, keeping.
    """
    from webauthn import verify_authentication_response

    seen = _verdict(
        verify_authentication_response,
        credential=answer,
        expected_challenge=challenge,
        expected_rp_id=_site(),
        expected_origin=settings.origin,
        credential_public_key=known.public_key,
        credential_current_sign_count=known.sign_count,
        require_user_verification=True,
    )
    return seen.new_sign_count, seen.credential_backed_up


def challenge_in(answer: Any) -> bytes:
    """The challenge that a browser says it answers. Raises Invalid."""
    from webauthn.helpers import base64url_to_bytes, parse_client_data_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        said = parse_client_data_json(base64url_to_bytes(part(answer, "clientDataJSON")))
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        raise Invalid("security.passkey_wrong") from None
    return said.challenge


def part(answer: Any, name: str) -> str:
    """A text of the answer, or of its `response`. Raises Invalid for what has none."""
    inner = answer.get("response") if isinstance(answer, dict) else None
    if not isinstance(inner, dict):
        raise Invalid("security.passkey_wrong")
    texts = [text for text in (*answer.values(), *inner.values()) if isinstance(text, str)]
    value = answer.get(name, inner.get(name))
    if not isinstance(value, str) or any(len(text) > LONGEST_PART for text in texts):
        raise Invalid("security.passkey_wrong")
    return value


def _verdict(verify: Any, **what: Any) -> Any:
    """
    The library's. What it could not even read is refused like what is wrong, and the refusal is
    kept: a challenge is used up by the first answer.
    """
    try:
        return verify(**what)
    except Exception:
        raise Invalid("security.passkey_wrong").keeping() from None


def _descriptors(known: Sequence[Known]) -> list[Any]:
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(passkey.credential_id),
            transports=[AuthenticatorTransport(name) for name in passkey.transports] or None,
        )
        for passkey in known
    ]


def _transports(answer: Any) -> list[str]:
    from webauthn.helpers.structs import AuthenticatorTransport

    sent = answer["response"].get("transports")
    names = {transport.value for transport in AuthenticatorTransport}
    if not isinstance(sent, list):
        return []
    return [name for name in sent if isinstance(name, str) and name in names][:8]


def _site() -> str:
    """The relying party: our host, without scheme and port."""
    return urlsplit(settings.origin).hostname or "localhost"
