"""The SAM transform with the parameters of the deployment, as on AWS.

MiniStack transforms a template with the defaults of its parameters. Some properties are resolved in the transform only,
such as AutoPublishCodeSha256 and DeploymentPreference, so a stack would never publish a new version of a function.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from local.ministack_patch import existing, replace

Template = dict[str, Any]
Provided = list[dict[str, Any]] | None
Apply = Callable[[Template, Provided, Provided], Template]


def transform_with_parameters(engine: ModuleType, changesets: ModuleType, handlers: ModuleType) -> None:
    """Replaces the transform in MiniStack's `engine`, and in the modules that import it from there."""
    apply: Apply = existing(engine, "_apply_transforms")
    values_of: Callable[[Template, Provided, Provided], dict[str, str]] = existing(engine, "_transform_parameters")

    def apply_with_parameters(template: Template, provided: Provided = None, previous: Provided = None) -> Template:
        definitions = template.get("Parameters")
        if not isinstance(definitions, dict) or not all(
            isinstance(definition, dict) for definition in definitions.values()
        ):
            # MiniStack refuses it in the words of AWS.
            return apply(template, provided, previous)
        values = values_of(template, provided, previous)
        given = {name: {**definition, **_default(name, values)} for name, definition in definitions.items()}
        transformed = apply({**template, "Parameters": given}, provided, previous)
        # In place: a failure is a dictionary with an attribute.
        transformed["Parameters"] = definitions
        return transformed

    replace(engine, "_apply_transforms", lambda _: apply_with_parameters)
    replace(changesets, "_apply_transforms", lambda _: apply_with_parameters)
    replace(handlers, "_apply_transforms", lambda _: apply_with_parameters)


def _default(name: str, values: dict[str, str]) -> dict[str, str]:
    return {"Default": values[name]} if name in values else {}
