"""Confirm: a person shows once more that it is them, in the very form that asks for it.

What takes a fresh proof raises ProofNeeded; the page that follows holds everything that was
posted and asks for the password (or a passkey) beside it. Posted again, the proof is checked here
before the order is carried out, and the session goes on under another secret.
"""

from dataclasses import replace

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from drumbeat.web import form_token
from drumbeat.web.passwords import is_right
from drumbeat.web.services import Services, SignedIn
from drumbeat.web.site import site_of
from drumbeat.web.verbs import ProofNeeded, Refused
from drumbeat.web.views.shell import Person

PASSWORD, PASSKEY = "confirm-password", "confirm-passkey"
_PROOFS = frozenset({PASSWORD, PASSKEY})


async def confirm(request: Request, person: Person) -> None:
    """Check the proof that came with a form, if one did. Raises ProofNeeded for a wrong one."""
    posted = dict(getattr(request.state, "posted", ()))
    if not _PROOFS & posted.keys():
        return
    renewed = await run_in_threadpool(_proven, request, person, posted)
    request.state.person = replace(person, is_fresh=True)
    request.state.renewed = renewed


async def ask(request: Request, error: Exception) -> Response:
    """The page that asks for the proof, with everything that was posted."""
    person: Person = request.state.person
    state = request.app.state
    posted = getattr(request.state, "posted", [])
    kept = [(k, v) for k, v in posted if k not in _PROOFS and k != form_token.FIELD]
    text = state.templates.get_template("confirm.html").render(
        person=person,
        why=str(error),
        is_wrong=isinstance(error, WrongProof),
        action=request.url.path,
        kept=kept,
        token=form_token.issue(state.settings.form_key, person.session),
        can_confirm=state.services.accounts is not None,
        service=state.services.oidc.name if state.services.oidc else "",
        back=_page_of(request.url.path),
        options=await run_in_threadpool(_options, request, person),
    )
    return HTMLResponse(text, status_code=403)


def _page_of(path: str) -> str:
    """The page an order came from, as near as its address tells: what it is about."""
    parts = path.split("/")
    return "/".join(parts[:3]) if parts[1] in ("inbox", "campaigns") else "/today"


def _options(request: Request, person: Person) -> str:
    """What a browser is asked for; empty where the person has no passkey that works here."""
    keys = request.app.state.services.passkeys
    site = site_of(request) if keys else None
    return keys.ask(site, person) if keys and site and keys.of(person) else ""


class WrongProof(ProofNeeded):
    """A proof was given and is not right."""


def _wrong(request: Request, person: Person, posted: dict[str, str]) -> str:
    """What is wrong with the proof, in words; empty when nothing is."""
    services: Services = request.app.state.services
    if response := posted.get(PASSKEY):
        site = site_of(request)
        if services.passkeys is None or site is None:
            return "Passkeys do not work at this address."
        shown = services.passkeys.recognize(site, response, person)
        return shown.reason if isinstance(shown, Refused) else ""
    kept = services.accounts.password_hash(person.id) if services.accounts else None
    return "" if is_right(posted.get(PASSWORD, ""), kept) else "That is not your password."


def _proven(request: Request, person: Person, posted: dict[str, str]) -> SignedIn:
    services: Services = request.app.state.services
    accounts = services.accounts
    if accounts is None:
        raise WrongProof("Nobody has a password here.")
    if wait := request.app.state.account_tries.wait(person.id, request.app.state.now()):
        minutes = max(1, round(wait.total_seconds() / 60))
        raise WrongProof(f"Too many tries. Wait {minutes}\u00a0min.")
    if why := _wrong(request, person, posted):
        raise WrongProof(why)
    request.app.state.account_tries.forget(person.id)
    renewed = accounts.prove(person)
    if renewed is None:
        raise WrongProof("This session has ended. Sign in again.")
    return renewed
