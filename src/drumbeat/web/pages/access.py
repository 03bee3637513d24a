"""Access: where one is signed in and with what: sessions to end, passkeys to add and remove."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from drumbeat.web import session_cookie
from drumbeat.web.browser_name import browser_name
from drumbeat.web.rights import Right, needs
from drumbeat.web.room import room
from drumbeat.web.services import Accounts, Passkeys
from drumbeat.web.site import site_of
from drumbeat.web.verbs import Done, ProofNeeded, Refused
from drumbeat.web.visit import Here, Visit, wired

router = room()
Short = Annotated[str, Form(max_length=200)]
Credential = Annotated[str, Form(max_length=20_000)]
_GONE = Refused("That one is no longer there.", 404)


@router.get("/access")
@needs(Right.SEE)
def access(here: Here) -> Response:
    """Where one is signed in, and one's passkeys; the means to make one are shown only to who has
    just confirmed who they are. 404 where the workspace has no accounts."""
    return _page(here, None)


@router.post("/access/confirm")
@needs(Right.SEE)
def confirm(here: Here) -> Response:
    """Show now that it is you, before a key is made."""
    wired(here.services.accounts)
    _fresh(here, "to add a passkey, confirm that it is you")
    return here.go("/access", Done("Confirmed, for five minutes"))


@router.post("/access/sessions/end-others")
@needs(Right.SEE)
def end_others(here: Here) -> Response:
    """Sign oneself out everywhere but here."""
    accounts: Accounts = wired(here.services.accounts)
    count = accounts.end_other_sessions(here.person)
    return here.go("/access", Done(f"Ended {count} other session{'s' if count != 1 else ''}"))


@router.post("/access/sessions/{session_id}/end")
@needs(Right.SEE)
def end(here: Here, session_id: str) -> Response:
    """End one of one's own sessions; ending this very one leads to the sign-in page. 404 where it
    is no longer there, or somebody else's."""
    accounts: Accounts = wired(here.services.accounts)
    if not accounts.end_session(here.person, session_id):
        return _page(here, _GONE)
    if session_id == here.person.session:
        answer = RedirectResponse("/sign-in", status_code=303)
        session_cookie.drop(answer, here.settings)
        return answer
    return here.go("/access", Done("Ended: it is signed out there"))


@router.post("/access/passkeys")
@needs(Right.SEE)
def add(here: Here, credential: Credential = "", name: Short = "") -> Response:
    """Keep the passkey a device has just made. It takes a fresh proof; 422 where the device's
    answer cannot be read or came too late, 409 for one too many or one that is kept already, 404
    where passkeys do not work at this address."""
    keys: Passkeys = wired(here.services.passkeys)
    site = wired(site_of(here.request))
    _fresh(here, "to add a passkey, confirm that it is you")
    answer = keys.add(site, here.person, credential, name)
    return _page(here, answer) if isinstance(answer, Refused) else here.go("/access", answer)


@router.post("/access/passkeys/{key}/remove")
@needs(Right.SEE)
def remove(here: Here, key: str) -> Response:
    """Forget a passkey of one's own. It takes a fresh proof; 404 where it is no longer there."""
    keys: Passkeys = wired(here.services.passkeys)
    _fresh(here, "to remove a passkey, confirm that it is you")
    if not keys.remove(here.person, key):
        return _page(here, _GONE)
    return here.go("/access", Done("Removed: it opens nothing here any more"))


def _fresh(here: Visit, why: str) -> None:
    if not here.person.is_fresh:
        raise ProofNeeded(why)


def _page(here: Visit, refused: Refused | None) -> Response:
    accounts: Accounts = wired(here.services.accounts)
    keys: Passkeys | None = here.services.passkeys
    site = site_of(here.request) if keys else None
    can_add = keys is not None and site is not None and here.person.is_fresh
    return here.page(
        "access.html",
        status=refused.status if refused else 200,
        refused=refused,
        browser_name=browser_name,
        sessions=accounts.sessions_of(here.person),
        keys=keys.of(here.person) if keys else (),
        site=site,
        offer=keys.offer(site, here.person) if keys and site and can_add else "",
    )


def options_for(request: Request, keys: Passkeys | None) -> str:
    """What the sign-in page asks a browser for; empty where passkeys cannot work."""
    site = site_of(request) if keys else None
    return keys.ask(site, None) if keys and site else ""
