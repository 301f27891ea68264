"""The routes that `sam local start-api` mounts, by the SAM CLI's own reading of the template."""

import contextlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider


def mounted_routes(template: Path, parameters: dict[str, str]) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """The function and the authorizer of each method and path, by logical id. A function that sam does not find is None."""
    with _silence():
        stacks, _ = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=parameters)
        routes = ApiProvider(stacks).routes
    return {
        (method, route.path): (route.function_name, route.authorizer_name)
        for route in routes
        for method in route.methods
    }


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """The SAM CLI calls what its own library calls deprecated, and says that authorizers differ on AWS."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
