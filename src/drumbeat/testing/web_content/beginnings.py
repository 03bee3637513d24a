"""The campaigns the roaster could begin: one type, one field that may be wrong."""

from collections.abc import Mapping

from drumbeat.web.verbs import Answer, Done, Refused
from drumbeat.web.views.new_campaign import CampaignKind, NewCampaign, NewField
from drumbeat.web.views.shell import Person

KIND = CampaignKind(
    "newsletter", "Newsletter", "A regular mail to people who asked for it.", ("email",)
)


class MadeUpBeginnings:
    """Implements the port; a name is all it takes."""

    def kinds(self) -> tuple[CampaignKind, ...]:
        return (KIND,)

    def form(self, kind: str, typed: Mapping[str, str] | None) -> NewCampaign | None:
        if kind != KIND.name:
            return None
        name = (typed or {}).get("name", "")
        error = "" if name or typed is None else "is missing"
        missing = () if name else (("owner", "name a person under owner"),)
        fields = (
            NewField("name", "Name", "as people read it", name, error=error),
            NewField("owner", "Owner", "answers for it", "ana", (("ana", "Ana Petrov"),)),
        )
        text = f"version: 1\nname: {name}\ntype: newsletter\n"
        path = "campaigns/spring-mail.yaml"
        return NewCampaign(KIND, fields, path, text, missing, 17, is_good=bool(name))

    def ask(self, kind: str, typed: Mapping[str, str], person: Person, reason: str) -> Answer:
        if reason == "no":
            return Refused("The gate does not let it through: only managers may.")
        return Done("Asked for: it begins as soon as somebody else approves it")
