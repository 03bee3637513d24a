"""Arrays: the numpy types the market is made of."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Hashes = NDArray[np.uint64]
Rows = NDArray[np.void]  # a structured array: one row a happening
