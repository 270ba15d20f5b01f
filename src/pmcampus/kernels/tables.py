"""numpy arrays and pandas tables on the way between two processes.

Numbers travel as npy (read with `allow_pickle=False`), objects as trees, pandas' extension types as Arrow.
"""

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from pmcampus.errors import ValueRefused

if TYPE_CHECKING:
    from pmcampus.kernels.values import Decoder, Encoder

PLAIN = "biufcmMSU"  # numpy's kinds that hold no Python objects
MOST_CELLS = 20_000_000


def encode_array(encoder: "Encoder", value: Any, depth: int) -> Any:
    """A numpy array or a single numpy value."""
    if isinstance(value, np.generic):
        if value.dtype.kind in PLAIN:
            return {"t": "numpy", "v": encoder.part(_npy(np.asarray(value)))}
    elif isinstance(value, np.ma.MaskedArray):
        raise ValueRefused("it is a masked array; hand over an ordinary one")
    elif isinstance(value, np.ndarray):
        array = np.asarray(value)
        if array.dtype.kind in PLAIN:
            return {"t": "array", "v": encoder.part(_npy(array))}
        if array.dtype.kind == "O":
            items = [encoder.encode(item, depth + 1) for item in array.ravel().tolist()]
            return {"t": "objects", "v": [list(array.shape), items]}
    elif callable(value) and not isinstance(value, type):
        return encoder._call(value, depth)
    raise ValueRefused(f"it is a numpy value of type {type(value).__name__}")


def encode_table(encoder: "Encoder", value: Any, depth: int) -> Any:
    """A pandas table, series, index or single value."""
    import pandas as pd

    if value is pd.NA or value is pd.NaT:
        return {"t": "missing", "v": "NA" if value is pd.NA else "NaT"}
    if isinstance(value, pd.DataFrame):
        columns = [_column(encoder, value.iloc[:, place].array, depth) for place in range(value.shape[1])]
        return {
            "t": "frame",
            "v": [_index(encoder, value.columns, depth), _index(encoder, value.index, depth), columns],
        }
    if isinstance(value, pd.Series):
        name = encoder.encode(value.name, depth + 1)
        return {
            "t": "series",
            "v": [name, _index(encoder, value.index, depth), _column(encoder, value.array, depth)],
        }
    if isinstance(value, pd.Index):
        return {"t": "index", "v": _index(encoder, value, depth)}
    if isinstance(value, (pd.Timestamp, pd.Timedelta)):
        return {"t": "moment" if isinstance(value, pd.Timestamp) else "span", "v": value.isoformat()}
    if isinstance(value, pd.api.extensions.ExtensionArray):
        return {"t": "column", "v": _column(encoder, value, depth)}
    raise ValueRefused(f"it is a pandas value of type {type(value).__name__}")


def decode(decoder: "Decoder", tag: str, value: Any, depth: int) -> Any:
    """The value of a tree that one of the two functions above made.

    Raises:
        ValueRefused: it is no such tree.
    """
    import pandas as pd

    match tag:
        case "numpy":
            return _read(decoder, value).reshape(())[()]
        case "array":
            return _read(decoder, value)
        case "objects":
            return _objects(decoder, value, depth)
        case "missing":
            return pd.NA if value == "NA" else pd.NaT
        case "moment":
            return pd.Timestamp(str(value))
        case "span":
            return pd.Timedelta(str(value))
        case "frame":
            columns, index, data = value
            rows = _read_index(decoder, index, depth)
            made = {place: _read_column(decoder, column, depth) for place, column in enumerate(data)}
            frame = pd.DataFrame(made, index=rows, copy=False)
            frame.columns = _read_index(decoder, columns, depth)
            return frame
        case "series":
            name, index, data = value
            rows = _read_index(decoder, index, depth)
            return pd.Series(
                _read_column(decoder, data, depth), index=rows, name=decoder.decode(name, depth + 1)
            )
        case "index":
            return _read_index(decoder, value, depth)
        case "column":
            return pd.array(_read_column(decoder, value, depth))
    raise ValueRefused(f"it is of the unknown kind {tag[:40]!r}")


def _npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.ascontiguousarray(array) if array.ndim else array, allow_pickle=False)
    return file.getvalue()


def _read(decoder: "Decoder", place: Any) -> Any:
    array = np.lib.format.read_array(
        io.BytesIO(decoder.part(place)), allow_pickle=False, max_header_size=10_000
    )
    if array.dtype.kind not in PLAIN or array.size > MOST_CELLS:
        raise ValueError("an array of objects, or of nothing without end")
    return array


def _objects(decoder: "Decoder", value: Any, depth: int) -> Any:
    shape, items = value
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = decoder.decode(item, depth + 1)
    return array.reshape([int(length) for length in shape])


def _column(encoder: "Encoder", array: Any, depth: int) -> Any:
    import pandas as pd

    dtype = array.dtype
    if isinstance(dtype, np.dtype) or type(array) is pd.arrays.NumpyExtensionArray:
        return encode_array(encoder, np.asarray(array), depth)
    if isinstance(dtype, pd.CategoricalDtype):
        codes, kinds = (
            encode_array(encoder, array.codes, depth),
            _column(encoder, array.categories.array, depth),
        )
        return {"t": "category", "v": [codes, kinds, bool(dtype.ordered)]}
    if isinstance(dtype, pd.IntervalDtype):
        ends = [_column(encoder, end.array, depth) for end in (array.left, array.right)]
        return {"t": "interval", "v": [*ends, str(dtype.closed)]}
    if isinstance(dtype, pd.PeriodDtype):
        return {"t": "period", "v": [encode_array(encoder, array.asi8, depth), str(dtype)]}
    import pyarrow as pa

    file = io.BytesIO()
    table = pa.table({"": pa.array(array, from_pandas=True)})
    with pa.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    return {"t": "arrow", "v": [encoder.part(file.getvalue()), str(dtype)]}


def _read_column(decoder: "Decoder", tree: Any, depth: int) -> Any:
    """An array without name or index, so that nothing is lined up with anything."""
    import pandas as pd

    match tree:
        case {"t": "category", "v": [codes, kinds, ordered]}:
            categories = pd.Index(_read_column(decoder, kinds, depth + 1))
            return pd.Categorical.from_codes(
                decoder.decode(codes, depth + 1), categories=categories, ordered=bool(ordered)
            )
        case {"t": "interval", "v": [left, right, closed]}:
            ends = [_read_column(decoder, end, depth + 1) for end in (left, right)]
            return pd.arrays.IntervalArray.from_arrays(*ends, closed=str(closed))
        case {"t": "period", "v": [numbers, dtype]}:
            found = decoder.decode(numbers, depth)
            return pd.PeriodIndex.from_ordinals(found, freq=str(dtype)[7:-1]).array
        case {"t": "arrow", "v": [place, dtype]}:
            return _read_arrow(decoder.part(place), str(dtype))
    return decoder.decode(tree, depth + 1)


def _read_arrow(data: bytes, dtype: str) -> Any:
    """A pandas array from Arrow's stream, value by value: Arrow's own conversion may wait for threads
    that a forked process does not have.
    """
    import pandas as pd
    import pyarrow as pa

    with pa.ipc.open_stream(data, options=pa.ipc.IpcReadOptions(use_threads=False)) as stream:
        table = stream.read_all()
    if table.num_rows > MOST_CELLS:
        raise ValueError("too long")
    table.validate(full=True)
    return pd.array(table.column(0).to_pylist(), dtype=dtype)


def _index(encoder: "Encoder", index: Any, depth: int) -> Any:
    import pandas as pd

    names = [encoder.encode(name, depth + 1) for name in index.names]
    if isinstance(index, pd.RangeIndex):
        return ["range", names, [index.start, index.stop, index.step]]
    if isinstance(index, pd.MultiIndex):
        return ["multi", names, [encoder.encode(key, depth + 1) for key in index.tolist()]]
    return ["plain", names, _column(encoder, index.array, depth)]


def _read_index(decoder: "Decoder", value: Any, depth: int) -> Any:
    import pandas as pd

    kind, names, content = value
    names = [decoder.decode(name, depth + 1) for name in names]
    if kind == "range":
        start, stop, step = map(int, content)
        if abs(stop - start) > MOST_CELLS * abs(step):
            raise ValueError("too long")
        return pd.RangeIndex(start, stop, step, name=names[0])
    if kind == "multi":
        return pd.MultiIndex.from_tuples([decoder.decode(key, depth + 1) for key in content], names=names)
    return pd.Index(_read_column(decoder, content, depth), name=names[0])
