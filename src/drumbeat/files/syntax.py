"""Syntax mistakes: what the YAML parser stumbled over, said so that a person can mend it."""

import yaml

from drumbeat.files.tree import Spot, SyntaxMistake

# What the parser says, whether its context (where the thing began) is the better place, and ours.
_SAYINGS: tuple[tuple[str, bool, str, str], ...] = (
    (
        "mapping values are not allowed",
        False,
        "a colon too many",
        "put the text in quotes",
    ),
    ("unexpected end of stream", True, "this quote is never closed", ""),
    ("unexpected document indicator", True, "this quote is never closed", ""),
    ("could not find expected ':'", True, "expected a key and a colon here", ""),
    ("did not find expected ',' or '}'", True, "this { is never closed", ""),
    ("did not find expected ',' or ']'", True, "this [ is never closed", ""),
    ("did not find expected '-' indicator", False, "expected a list item starting with -", ""),
    ("did not find expected key", False, "expected a key here", "check the indentation and quotes"),
    ("did not find expected node content", False, "expected a value here", ""),
    ("did not find expected alphabetic", False, "a name must follow & or *", "quote the text"),
    ("while scanning an anchor", False, "a name must follow & or *", "put the text in quotes"),
    ("while scanning an alias", False, "a name must follow & or *", "put the text in quotes"),
    ("block sequence entries are not allowed", False, "a list cannot start here", "use a new line"),
    ("tab character that violates", False, "a tab", "indent with spaces"),
    ("unknown escape character", False, "unknown escape after \\ in a quoted text", "use '…'"),
    ("found undefined tag handle", False, "tags (!) are not used in these files", "quote the text"),
)


def syntax_mistake(error: yaml.YAMLError, text: str) -> SyntaxMistake:
    """The parser's complaint in our words, at the place a person would look."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return _bad_character(error, text)
    spoken = f"{error.context or ''} {error.problem or ''}"
    here = Spot(error.problem_mark.line + 1, error.problem_mark.column + 1)
    if "cannot start any token" in spoken:
        return _bad_start(here, text)
    for saying, uses_context, message, hint in _SAYINGS:
        if saying in spoken:
            mark = error.context_mark if uses_context and error.context_mark else error.problem_mark
            return SyntaxMistake(Spot(mark.line + 1, mark.column + 1), message, hint)
    return SyntaxMistake(here, str(error.problem or error.context))


def _bad_start(spot: Spot, text: str) -> SyntaxMistake:
    line = text.splitlines()[spot.line - 1] if spot.line <= len(text.splitlines()) else ""
    character = line[spot.column - 1 : spot.column]
    if character == "\t":
        return SyntaxMistake(spot, "a tab", "indent with spaces")
    return SyntaxMistake(spot, f"text cannot start with {character!r}", "put it in quotes")


def _bad_character(error: yaml.YAMLError, text: str) -> SyntaxMistake:
    position = getattr(error, "position", None)
    before = text[: position if isinstance(position, int) else 0]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    code = getattr(error, "character", None)
    shown = f"U+{code:04X}" if isinstance(code, int) else "here"
    return SyntaxMistake(Spot(line, column), f"a character no text file holds: {shown}")
