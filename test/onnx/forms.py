"""The forms in which a model of the suite is served: as it is, and with dimensions opened as exporters open them."""

from onnx import ModelProto, shape_inference

from backend_tests import is_tensor

AS_IS = "as is"
FIRST_OPEN = "first open"
ALL_OPEN = "all open"

BATCH = "N"


def forms_of(test):
    """
    The forms that differ, each as the models to try, of which the first that the runtime takes counts: a length of sizes
    or axes may have to stay, and the batch dimension is opened without the others. A model of scalars alone has nothing
    to open, and a vector opens wholly with its first dimension.
    """
    forms = {AS_IS: [test.model]}
    for form, axes in ((FIRST_OPEN, 1), (ALL_OPEN, None)):
        opened = [_open(test, axes, only_batch) for only_batch in (False, True)]
        known = [model.SerializeToString() for models in forms.values() for model in models]
        if opened[0].SerializeToString() not in known:
            forms[form] = opened
    return forms


def batched_inputs(form, test):
    """The names of the inputs whose first dimension is the batch's symbol in this form."""
    return [] if form == AS_IS else [value.name for value in test.inputs if _first(value) == _batch_size(test.inputs)]


def _open(test, axes, only_batch):
    """
    A copy whose inputs have symbols in place of their first `axes` dimensions; with `only_batch` those inputs alone that
    have the batch dimension. As exporters have it: the batch dimension has the same symbol in every input that shares
    its size, and every other dimension a name of its own. Outputs keep what follows from that, and no more.
    """
    model = ModelProto.FromString(test.model.SerializeToString())
    size = _batch_size(test.inputs)
    names = {value.name for value in test.inputs if not only_batch or _first(value) == size}
    for value in model.graph.input:
        if value.name in names and is_tensor(value):
            for axis, dim in enumerate(value.type.tensor_type.shape.dim[:axes]):
                if dim.HasField("dim_value"):
                    dim.dim_param = BATCH if axis == 0 and dim.dim_value == size else f"{value.name}_dim_{axis}"
    if model.graph.input == test.model.graph.input:
        return model
    del model.graph.value_info[:]
    for value in model.graph.output:
        if is_tensor(value):
            for dim in value.type.tensor_type.shape.dim:
                dim.Clear()
    return _inferred(model)


def _inferred(model):
    try:
        inferred = shape_inference.infer_shapes(model, data_prop=True)
    except Exception:  # an operator that inference does not know
        return model
    del model.graph.output[:]
    model.graph.output.extend(inferred.graph.output)
    return model


def _batch_size(inputs):
    """The size of the first input that has a first dimension."""
    return next((size for size in map(_first, inputs) if size is not None), None)


def _first(value):
    if not is_tensor(value) or not value.type.tensor_type.shape.dim:
        return None
    dim = value.type.tensor_type.shape.dim[0]
    return dim.dim_value if dim.HasField("dim_value") else None
