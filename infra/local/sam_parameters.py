"""The SAM transform with the parameters of the deployment, as on AWS.

MiniStack transforms a template with the defaults of its parameters. Some properties are resolved in the transform only, such as
AutoPublishCodeSha256 and DeploymentPreference, so a stack would never publish a new version of a function.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

Template = dict[str, Any]
Provided = list[dict[str, Any]] | None


def transform_with_parameters(engine: ModuleType, *users: ModuleType) -> None:
    """`users` are the modules that import the function from MiniStack's `engine`."""
    apply: Callable[[Template, Provided, Provided], Template] = engine._apply_transforms

    def apply_with_parameters(template: Template, provided: Provided = None, previous: Provided = None) -> Template:
        definitions = template.get("Parameters")
        if not isinstance(definitions, dict) or not all(
            isinstance(definition, dict) for definition in definitions.values()
        ):
            # Refused by MiniStack in the words of AWS.
            return apply(template, provided, previous)
        values = engine._transform_parameters(template, provided, previous)
        given = {name: {**definition, **_default(name, values)} for name, definition in definitions.items()}
        transformed = apply({**template, "Parameters": given}, provided, previous)
        # In place: a failure is a dictionary with an attribute.
        transformed["Parameters"] = definitions
        return transformed

    for module in (engine, *users):
        module._apply_transforms = apply_with_parameters


def _default(name: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"Default": values[name]} if name in values else {}
