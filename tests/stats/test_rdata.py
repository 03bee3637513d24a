"""The reader of R's tables, on the published panel it is there for."""

import bz2
from pathlib import Path

import numpy as np
import pytest

from benchmarks.kpi_series import DATA
from benchmarks.rdata import read_frame


@pytest.mark.skipif(not (DATA / "geo").is_dir(), reason="the geo data folder is not here")
def test_a_published_panel_of_cities_is_read() -> None:
    frame = read_frame(DATA / "geo" / "GeoLift_PreTest.rda")
    assert {"location", "Y", "date"} <= set(frame)
    assert len(frame["Y"]) == 40 * 90
    assert (min(frame["date"]), max(frame["date"])) == ("2021-01-01", "2021-03-31")
    assert np.isfinite(frame["Y"]).all()


def test_another_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.rda"
    file.write_bytes(bz2.compress(b"RDX3\nX\n"))
    with pytest.raises(ValueError, match="no RData file"):
        read_frame(file)
