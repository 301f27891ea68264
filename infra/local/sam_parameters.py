"""The SAM transform with the parameters of the deployment, as on AWS.

MiniStack transforms a template with the defaults of its parameters. Some properties are resolved in the transform only, such as
AutoPublishCodeSha256 and DeploymentPreference, so a stack would never publish a new version of a function.
"""


def transform_with_parameters(engine, *users) -> None:
    """`users` are the modules that import the function from MiniStack's `engine`."""
    apply = engine._apply_transforms

    def apply_with_parameters(template: dict, provided=None, previous=None) -> dict:
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


def _default(name: str, values: dict) -> dict:
    return {"Default": values[name]} if name in values else {}
