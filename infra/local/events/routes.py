"""The routes that `sam local start-api` mounts, as the SAM CLI reads the template."""

import contextlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider


def mounted_routes(template: Path, parameters: dict[str, str]) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """The function and the authorizer of each method and path, as logical ids; None where sam finds none."""
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
    """Hides that the SAM CLI uses deprecated functions, and its note that authorizers differ on AWS."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
