"""Arrays as the Open Inference Protocol carries them."""

import numpy as np

DATATYPES = {
    "bool": "BOOL",
    "uint8": "UINT8",
    "uint16": "UINT16",
    "uint32": "UINT32",
    "uint64": "UINT64",
    "int8": "INT8",
    "int16": "INT16",
    "int32": "INT32",
    "int64": "INT64",
    "float16": "FP16",
    "float32": "FP32",
    "float64": "FP64",
    "object": "BYTES",
}


def can_travel(array):
    """Whether the protocol and the Node binding have a datatype for it."""
    return datatype_of(array) is not None


def datatype_of(array):
    return "BYTES" if array.dtype.kind in "USO" else DATATYPES.get(array.dtype.name)


def bytes_of(array):
    """The elements, little-endian in row-major order; strings behind their lengths."""
    if datatype_of(array) != "BYTES":
        return np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    elements = [element if isinstance(element, bytes) else str(element).encode() for element in array.ravel()]
    return b"".join(len(element).to_bytes(4, "little") + element for element in elements)
