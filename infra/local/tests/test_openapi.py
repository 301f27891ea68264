"""The examples of the OpenAPI document match its schemas."""

import copy
import datetime
import json
import unittest
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from local.settings import ROOT

DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text())
FORMATS = FormatChecker(formats=["uuid"])


def is_utc(value: object) -> bool:
    """Whether a text is a time by RFC 3339 in UTC, as in all answers."""
    return not isinstance(value, str) or (value.endswith("Z") and bool(datetime.datetime.fromisoformat(value)))


FORMATS.checks("date-time", raises=ValueError)(is_utc)


def close(schema: object) -> None:
    """Refuses fields that a schema does not name, which an example must not show."""
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            close(part)
    elif isinstance(schema, list):
        for part in schema:
            close(part)


def closed_components() -> dict[str, Any]:
    components: dict[str, Any] = copy.deepcopy(DOCUMENT["components"])
    for name, schema in components["schemas"].items():
        if name != "Report":
            close(schema)
    return components


COMPONENTS = closed_components()


def problems(schema: dict[str, Any], example: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator({**schema, "components": COMPONENTS}, format_checker=FORMATS)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(example)]


def examples() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """The schema and the example of each body, by operation and status (`request` for a request)."""
    found = {}
    for item in DOCUMENT["paths"].values():
        for operation in item.values():
            bodies = {status: answer for status, answer in operation["responses"].items() if "content" in answer}
            bodies.update({"request": operation["requestBody"]} if "requestBody" in operation else {})
            for body, described in bodies.items():
                for content in described["content"].values():
                    if "example" in content:
                        found[f"{operation['operationId']} {body}"] = (content["schema"], content["example"])
    return found


class Examples(unittest.TestCase):
    def test_each_example_matches_its_schema(self) -> None:
        found = examples()
        self.assertGreater(len(found), 50)
        for name, (schema, example) in found.items():
            with self.subTest(name):
                self.assertEqual(problems(schema, example), [])

    def test_a_wrong_example_is_found(self) -> None:
        schema, example = examples()["readAccount 200"]
        self.assertTrue(problems(schema, {**example, "nmae": "Acme"}))
        self.assertTrue(problems(schema, {**example, "created_at": "yesterday"}))
        self.assertTrue(problems(schema, {**example, "operational_webhook_id": "x"}))
        self.assertTrue(problems(schema, {name: example[name] for name in example if name != "quotas"}))


if __name__ == "__main__":
    unittest.main()
