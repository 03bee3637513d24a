from pathlib import Path

import pytest

from drumbeat.connectors.smtp.contacts import BadContacts, audience, read_contacts


def listed(home: Path, content: bytes) -> Path:
    path = home / "contacts.csv"
    path.write_bytes(content)
    return path


def test_a_list_gives_address_segments_and_shown_fields(tmp_path: Path) -> None:
    path = listed(
        tmp_path, b"\xef\xbb\xbfemail,first_name,segments,phone\na@b.example, Ann ,x; y,1\n"
    )
    [ann] = read_contacts(path)
    assert ann.address == "a@b.example"
    assert ann.segments == {"x", "y"}
    assert ann.fields == {"first_name": "Ann"}


def test_rows_of_one_address_are_one_contact_with_all_its_segments(tmp_path: Path) -> None:
    path = listed(tmp_path, b"email,segments\na@b.example,x\nA@B.example,y\n")
    contacts = read_contacts(path)
    assert [c.segments for c in contacts] == [{"x", "y"}]
    assert audience(contacts, ("x",), ("y",)) == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"name,segments\n", ":1: lacks the column email", id="column"),
        pytest.param(b"", ":1: lacks the column email and segments", id="empty"),
        pytest.param(b"email,segments\na@b.example,x\nnope,x\n", ":3: 'nope' is no", id="row"),
        pytest.param(b"email,segments\na@b@c.example,x\n", "is no email address", id="two-ats"),
        pytest.param(b"email,segments\na@b,x\n", "is no email address", id="no-dot"),
        pytest.param(b'email,segments\n"a\nb@c.example",x\n', "is no email", id="line-break"),
        pytest.param(b"email,segments\n<a@b.example>,x\n", "is no email", id="brackets"),
        pytest.param(b"email,segments\n\xff@b.example,x\n", "is not UTF-8", id="latin-1"),
        pytest.param(b"email,segments\n\n", "", id="blank-lines-are-no-rows"),
    ],
)
def test_a_bad_row_stops_the_whole_list(tmp_path: Path, content: bytes, why: str) -> None:
    path = listed(tmp_path, content)
    problem = _problem(path)
    assert why in problem
    assert bool(problem) is bool(why)


def _problem(path: Path) -> str:
    try:
        read_contacts(path)
    except BadContacts as error:
        return str(error)
    return ""


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadContacts, match=r"contacts\.csv: No such file"):
        read_contacts(tmp_path / "contacts.csv")


def test_a_field_too_large_to_be_true_is_refused(tmp_path: Path) -> None:
    path = listed(tmp_path, b"email,segments\na@b.example," + b"x" * 200_000 + b"\n")
    with pytest.raises(BadContacts, match="larger than field limit"):
        read_contacts(path)
