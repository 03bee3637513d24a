"""Web entry: where people reach the control room, and whose word it takes for who they are."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from drumbeat.core.campaign.text import EnvironmentName, Line, Slug, Url
from drumbeat.core.noun import Noun


def _base(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError("expected an address without ? and #")
    return value.rstrip("/")


BaseUrl = Annotated[Url, AfterValidator(_base)]


class OidcEntry(Noun):
    """A sign-in service (OpenID Connect). It says who somebody is; who may come in at all, and
    with what roles, says the list of people. The client's secret is named, never written."""

    name: Line = Field(description="what the button says: Sign in with …")
    issuer: BaseUrl
    client_id: Line
    secret: EnvironmentName = Field(description="the environment variable with the client secret")


class ChatEntry(Noun):
    """A chat whose bot posts people's answers here, signed with a shared secret that is named,
    never written. ``users`` maps the chat's own names of people to accounts."""

    id: Slug
    users: dict[str, Slug] = Field(min_length=1)
    secret: EnvironmentName

    @model_validator(mode="after")
    def _named_once(self) -> "ChatEntry":
        if len(set(self.users.values())) != len(self.users):
            raise ValueError(f"{self.id}: two chat users stand for the same person")
        return self


class Web(Noun):
    """``url`` is where people's browsers find the control room; without it, mails carry no links
    and passkeys work on this machine alone."""

    url: BaseUrl | None = None
    oidc: OidcEntry | None = None
    chats: tuple[ChatEntry, ...] = ()

    @model_validator(mode="after")
    def _has_a_way_back(self) -> "Web":
        if self.oidc and not self.url:
            raise ValueError("oidc needs url: the service sends people back there")
        return self
