"""Passkeys: made, recognized and removed, after WebAuthn level 3, with the py_webauthn library.

A passkey always verifies its person (a fingerprint, a PIN), so that it is proof by itself.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from drumbeat.app.pages.challenge import Challenges
from drumbeat.app.pages.ground import Ground
from drumbeat.store import ledger, once, passkeys
from drumbeat.store.passkeys import Passkey
from drumbeat.web.services import PasskeyView, Site
from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.shell import Person

_MOST = 20
_UNKNOWN = Refused("This passkey was not recognized. Try again, or use your password.", 422)


@dataclass(frozen=True)
class Passkeys:
    """``clock`` is the real time."""

    ground: Ground
    clock: Callable[[], datetime]

    def offer(self, site: Site, person: Person) -> str:
        from webauthn import generate_registration_options, options_to_json
        from webauthn.helpers import base64url_to_bytes
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        mine = self._keys(person)
        options = generate_registration_options(
            rp_id=site.host,
            rp_name=f"Drumbeat: {self.ground.app.files.workspace.brand.name}",
            user_id=self._handle(person.id),
            user_name=self._email(person),
            user_display_name=person.name,
            challenge=self._challenges.draw(_making(person), self.clock()),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(base64url_to_bytes(key.id)) for key in mine
            ],
        )
        return options_to_json(options)

    def add(self, site: Site, person: Person, response: str, label: str) -> Answer:
        from webauthn import verify_registration_response
        from webauthn.helpers import bytes_to_base64url
        from webauthn.helpers.exceptions import WebAuthnException

        challenge = self._answered(response, _making(person))
        if challenge is None:
            return Refused("It took too long. Try again.", 422)
        try:
            made = verify_registration_response(
                credential=response,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            return Refused("The device's answer could not be read. Nothing was added.", 422)
        key = Passkey(
            id=bytes_to_base64url(made.credential_id),
            account=person.id,
            name=label.strip()[:60] or "A passkey",
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            made_at=self.clock(),
        )
        with self.ground.app.database.write() as transaction:
            if len(passkeys.of_account(transaction, person.id)) >= _MOST:
                return Refused(f"{_MOST} passkeys are the most; remove one first.")
            if not passkeys.add(transaction, key):
                return Refused("This device has a passkey here already.")
            self._record(transaction, "passkey_added", person.id, name=key.name)
        return Done(f"Added: {key.name}")

    def ask(self, site: Site, person: Person | None) -> str:
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers import base64url_to_bytes
        from webauthn.helpers.structs import (
            PublicKeyCredentialDescriptor,
            UserVerificationRequirement,
        )

        mine = self._keys(person) if person else []
        options = generate_authentication_options(
            rp_id=site.host,
            challenge=self._challenges.draw(_showing(person), self.clock()),
            allow_credentials=[
                PublicKeyCredentialDescriptor(base64url_to_bytes(key.id)) for key in mine
            ],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def recognize(self, site: Site, response: str, person: Person | None) -> str | Refused:
        from webauthn import verify_authentication_response
        from webauthn.helpers import base64url_to_bytes
        from webauthn.helpers.exceptions import WebAuthnException

        challenge = self._answered(response, _showing(person))
        if challenge is None:
            return Refused("It took too long. Try again.", 422)
        with self.ground.app.database.read() as connection:
            key = passkeys.load(connection, str(_parsed(response).get("id", "")))
        if key is None or (person is not None and key.account != person.id):
            return _UNKNOWN
        try:
            shown = verify_authentication_response(
                credential=response,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=base64url_to_bytes(key.public_key),
                credential_current_sign_count=key.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            return _UNKNOWN
        with self.ground.app.database.write() as transaction:
            if not passkeys.note_use(transaction, key, shown.new_sign_count, self.clock()):
                return _UNKNOWN
        return key.account

    def of(self, person: Person) -> tuple[PasskeyView, ...]:
        return tuple(
            PasskeyView(key.id, key.name, key.made_at, key.used_at) for key in self._keys(person)
        )

    def remove(self, person: Person, key: str) -> bool:
        with self.ground.app.database.write() as transaction:
            gone = passkeys.remove(transaction, key, person.id)
            if gone:
                self._record(transaction, "passkey_removed", person.id)
        return gone

    @property
    def _challenges(self) -> Challenges:
        return Challenges(self.ground.app.gate.door.key)

    def _answered(self, response: str, purpose: str) -> bytes | None:
        """The challenge that was signed, used up by this; None for one that does not count."""
        from webauthn.helpers import base64url_to_bytes

        try:
            told = json.loads(base64url_to_bytes(_parsed(response)["response"]["clientDataJSON"]))
            challenge = base64url_to_bytes(told["challenge"])
        except (ValueError, KeyError, TypeError):
            return None
        now, ends = self.clock(), self._challenges.ends_at(challenge, purpose)
        if ends is None or ends <= now:
            return None
        with self.ground.app.database.write() as transaction:
            ledger.serialize(transaction)
            is_first = once.claim(transaction, f"challenge:{challenge.hex()}", ends, now)
        return challenge if is_first else None

    def _keys(self, person: Person) -> list[Passkey]:
        with self.ground.app.database.read() as connection:
            return passkeys.of_account(connection, person.id)

    def _handle(self, account: str) -> bytes:
        """The same for an account on every device, and no address."""
        key = self.ground.app.gate.door.key
        return hmac.new(key, b"drumbeat user:" + account.encode(), hashlib.sha256).digest()

    def _email(self, person: Person) -> str:
        found = self.ground.app.files.workspace.person(person.id)
        return found.email if found else person.id

    def _record(self, transaction: sa.Connection, kind: str, account: str, **body: str) -> None:
        ledger.append(
            transaction,
            kind,
            at=self.ground.now,
            actor=f"person:{account}",
            subject=account,
            **body,
        )


def _parsed(response: str) -> dict[str, Any]:
    found = json.loads(response)
    if not isinstance(found, dict):
        raise ValueError("not a credential")
    return found


def _making(person: Person) -> str:
    return f"make:{person.session}"


def _showing(person: Person | None) -> str:
    return f"confirm:{person.session}" if person else "sign in"
