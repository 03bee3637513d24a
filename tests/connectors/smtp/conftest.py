from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.smtp.post_office import PostOffice, post_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(tmp_path) as ready:
        yield ready
