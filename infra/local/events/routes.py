"""The routes that `sam local start-api` mounts, by the SAM CLI's own reading of the template."""

from pathlib import Path

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider


def mounted_routes(template: Path, parameters: dict[str, str]) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """The function and the authorizer of each method and path, by logical id. A function that sam does not find is None."""
    stacks, _ = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=parameters)
    return {
        (method, route.path): (route.function_name, route.authorizer_name)
        for route in ApiProvider(stacks).routes
        for method in route.methods
    }
