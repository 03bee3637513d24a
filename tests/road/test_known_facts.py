"""What the installation knows stops a mail at its review, and lets it go once it is mended."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from drumbeat.cycle.rebuilding import Rebuild, ask
from drumbeat.gate.answer import NotAnswered
from drumbeat.store.cycles import CycleRow
from tests.road.calendar_demo import NEWS, edit, living, only, run
from tests.road.record import Record

BEGINS = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
SOON = 0.2
SOCIAL = "social-calendar"
HEAD = "email,segments,consent,consent_on,consent_source,consent_wording,country,timezone"


def stuck(folder: Path, campaign: str = NEWS) -> list[str]:
    record = Record(folder)
    found = [str(one.body["why"]) for one in record.entries("stuck", campaign=campaign)]
    record.close()
    return found


def cycles(folder: Path, campaign: str = NEWS) -> list[CycleRow]:
    record = Record(folder)
    found = record.cycles(campaign)
    record.close()
    return found


def reviews(folder: Path, campaign: str = NEWS) -> list[str]:
    record = Record(folder)
    found = [str(one.body["findings"]) for one in record.entries("reviewed", campaign=campaign)]
    record.close()
    return found


def test_a_list_without_consent_on_record_is_not_mailed_until_it_has_it(tmp_path: Path) -> None:
    only(tmp_path, NEWS, BEGINS)
    root = tmp_path / "drumbeat.yaml"
    account = (
        "    connector: smtp\n    settings: {host: 127.0.0.1, contacts: contacts.csv, "
        "list_id: news.northbean.example, try_unsubscribe: no, "
        "unsubscribe_url: 'https://northbean.example/u'}\n    mode: shadow\n"
    )
    market = r"    connector: simulated\n.*\n    mode: live\n"
    root.write_text(re.sub(market, account, root.read_text("utf-8"), count=1), encoding="utf-8")
    good = "a@readers.example,warm-leads,double opt-in,2026-01-01,form,v3,DE,Europe/Berlin"
    bad = "b@readers.example,warm-leads,opt-in,2026-01-01,form,v3,DE,Europe/Berlin"
    contacts = tmp_path / "contacts.csv"
    run(tmp_path, BEGINS, SOON / 2)
    (why,) = stuck(tmp_path)
    assert "cannot be checked" in why
    assert "contacts.csv: No such file" in why
    contacts.write_text("\n".join([HEAD, good, bad]), encoding="utf-8")
    run(tmp_path, BEGINS + timedelta(days=SOON / 2), SOON / 2)
    (cycle,) = cycles(tmp_path)
    why = cycle.waiting
    assert "1 recipients have no valid consent" in why
    assert "no double opt-in (Germany)" in why
    assert reviews(tmp_path) == []
    contacts.write_text("\n".join([HEAD, good, bad.replace(",opt-in", ",double opt-in")]))
    run(tmp_path, BEGINS + timedelta(days=SOON), SOON)
    (found,) = reviews(tmp_path)
    assert "Nobody said which headers the mail server signs" in found
    assert not {"E02", "E08"} - set(re.findall(r"\bE\d\d\b", found))
    assert not {"E04", "E10", "E12", "E13"} & set(re.findall(r"\bE\d\d\b", found))


def test_one_mail_more_than_the_brand_allows_is_held_until_it_allows_it(tmp_path: Path) -> None:
    second = "thursday-cup"
    file = only(tmp_path, NEWS, BEGINS)
    text = file.read_text(encoding="utf-8").replace(f"campaign: {NEWS}", f"campaign: {second}")
    other = file.with_name(f"{second}.yaml")
    other.write_text(text.replace("weekday: tue", "weekday: thu"), encoding="utf-8")
    edit(tmp_path / "drumbeat.yaml", "mails_a_week: 3", "mails_a_week: 1")
    run(tmp_path, BEGINS, 1.5)
    assert stuck(tmp_path) == []
    why = stuck(tmp_path, second)[0]
    assert "contacts would get mail 2 in 7 days (cap 1)" in why
    edit(tmp_path / "drumbeat.yaml", "mails_a_week: 1", "mails_a_week: 2")
    run(tmp_path, BEGINS + timedelta(days=1.5), 1.8)
    record = Record(tmp_path)
    assert record.entries("launched", campaign=second)
    record.close()


def test_a_name_that_is_taken_is_mended_in_the_rule_and_the_same_cycle_built_again(
    tmp_path: Path,
) -> None:
    second = "thursday-cup"
    file = only(tmp_path, NEWS, BEGINS)
    text = file.read_text(encoding="utf-8").replace(f"campaign: {NEWS}", f"campaign: {second}")
    file.with_name(f"{second}.yaml").write_text(
        text.replace("weekday: tue", "weekday: thu"), encoding="utf-8"
    )
    naming = tmp_path / "policy" / "naming.yaml"
    edit(naming, "{campaign}_{yyyymm}_{dd}", "{yyyymm}_{seq}")
    with living(tmp_path, BEGINS) as (office, go_on):
        go_on(1.5)
        assert stuck(tmp_path) == []
        why = stuck(tmp_path, second)[0]
        assert f"is taken by a cycle of {NEWS}" in why
        assert "put {campaign}, {yyyymm} and {dd} into the rule" in why
        (cycle,) = cycles(tmp_path, second)
        for name, who, reason in (
            (cycle.id, "lena", "mended"), (cycle.id, "dana", " "), ("cyc-0", "dana", "mended"),
        ):  # fmt: skip
            assert isinstance(ask(office, name, who, reason), NotAnswered)
        whole = naming.read_text(encoding="utf-8")
        naming.write_text("version: [", encoding="utf-8")
        assert isinstance(ask(office, cycle.id, "dana", "the rule tells them apart"), Rebuild)
        go_on(1.6)
        assert "the files have mistakes" in cycles(tmp_path, second)[0].waiting
        naming.write_text(whole, encoding="utf-8")
        edit(naming, "{yyyymm}_{seq}", "{campaign}_{yyyymm}_{dd}")
        go_on(3.3)
        late = ask(office, cycle.id, "dana", "once more")
    assert isinstance(late, NotAnswered)
    assert "only what waits at its review" in late.why
    record = Record(tmp_path)
    assert [one.cycle for one in record.entries("launched", campaign=second)] == [cycle.id]
    assert len(record.entries("built", campaign=second)) == 2
    record.close()


def test_a_paid_post_waits_until_it_says_so(tmp_path: Path) -> None:
    """Nobody writes the disclosure here, so that it is let go once it turns out not to be paid."""
    thursday = BEGINS + timedelta(days=3)
    file = only(tmp_path, SOCIAL, thursday)
    whole = file.read_text(encoding="utf-8")
    file.write_text(f"{whole}\ndeclares: {{paid_partnership: true}}\n", encoding="utf-8")
    run(tmp_path, thursday, SOON)
    assert "Disclosure missing or below the fold" in stuck(tmp_path, SOCIAL)[0]
    assert reviews(tmp_path, SOCIAL) == []
    file.write_text(whole, encoding="utf-8")
    run(tmp_path, thursday + timedelta(days=SOON), SOON)
    assert len(reviews(tmp_path, SOCIAL)) == 1
