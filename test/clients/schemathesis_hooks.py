"""What of the API's description schemathesis is not to try."""

from typing import Any

import schemathesis

#: A deadline of a millisecond passes now and then. The length of the JSON belongs to `application/octet-stream` alone, which
#: OpenAPI cannot say of a header: it makes bytes of a body of JSON.
UNTRIED = [{"$ref": f"#/components/parameters/{name}"} for name in ("Timeout", "JsonLength")]


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Drops these parameters."""
    for path in raw_schema["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "parameters" in operation:
                operation["parameters"] = [one for one in operation["parameters"] if one not in UNTRIED]
