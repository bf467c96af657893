"""Inputs beside a test's own: other values, other magnitudes, other numbers of rows, other sizes."""

import numpy as np

GREATEST = 6e4  # what a half still holds
MOST_ROWS = 10_000  # of one request, by default


def candidates(given, batched, is_open, random):
    """
    Pairs of what they are called and the inputs, to be tried from first to last: which of them make sense only a run
    says. Of those called alike the first that runs is enough.

    `batched` names the inputs that share the batch's symbol; `is_open` says whether other sizes than the test's pass.
    """
    yield "other values", {name: _other(array, random) for name, array in given.items()}
    yield "other values", {name: _other(array, random) if array.dtype.kind == "f" else array for name, array in given.items()}
    first = next(iter(given), None)  # beside the data stand scales and sizes, and what they make would be large as well
    yield "larger values", {name: _larger(array, random) if name == first else array for name, array in given.items()}
    if batched and 2 * max(len(given[name]) for name in batched) <= MOST_ROWS:
        yield "more rows", _twice(given, batched, random)
        yield "more rows", _twice(given, [name for name, array in given.items() if array.ndim], random)
    if batched:
        yield "one row", {name: array[:1] if name in batched else array for name, array in given.items()}
        yield "one row", {name: array[:1] if array.ndim else array for name, array in given.items()}
    if is_open:
        for size in sorted({size for array in given.values() for size in array.shape[1:]}, reverse=True):
            yield "longer", {name: _longer(array, size) for name, array in given.items()}


def _other(array, random):
    """Of the same kind: a number that keeps its sign and about its size, or another of the values that are there."""
    if array.dtype.kind == "f":
        return np.asarray(array * random.uniform(0.5, 1.5, array.shape), array.dtype)
    if array.size == 1 and array.dtype.kind in "iu" and array.ravel()[0] > 0:
        return np.asarray(array - 1, array.dtype)
    return array.ravel()[random.permutation(array.size)].reshape(array.shape)


def _larger(array, random):
    if array.dtype.kind != "f":
        return array
    return np.asarray(np.clip(array * random.uniform(50, 150, array.shape), -GREATEST, GREATEST), array.dtype)


def _twice(given, names, random):
    return {
        name: np.concatenate([array, _other(array, random)]) if name in names else array for name, array in given.items()
    }


def _longer(array, size):
    """Every dimension of that size but the first, twice as long."""
    for axis in range(1, array.ndim):
        if array.shape[axis] == size:
            array = np.concatenate([array, array], axis=axis)
    return array
