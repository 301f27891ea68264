import json
import unittest

from local.attributes import updated_attributes


def attributes_of(**request) -> list[str]:
    return updated_attributes(json.dumps(request).encode())


class UpdatedAttributes(unittest.TestCase):
    def test_an_update_names_the_key_and_what_it_changes_and_looks_at(self):
        self.assertEqual(
            attributes_of(
                Key={"pk": {"S": "ACCT#1"}, "sk": {"S": "x"}},
                UpdateExpression="SET #status = :disabled, failing_since = if_not_exists(failing_since, :now) "
                "ADD failures :failures REMOVE slow_until, open_until",
                ConditionExpression="attribute_not_exists(level) OR (version < :version AND #status = :active)",
                ExpressionAttributeNames={"#status": "status"},
            ),
            ["failing_since", "failures", "level", "open_until", "pk", "sk", "slow_until", "status", "version"],
        )

    def test_of_a_path_the_first_name_counts(self):
        self.assertEqual(attributes_of(UpdateExpression="set address.city = :c, lines[0] = :l"), ["address", "lines"])

    def test_what_is_no_update_names_none(self):
        self.assertEqual(attributes_of(Key={"pk": {"S": "x"}}, ConditionExpression="a = :a"), [])
        for body in (b"", b"not json", b"{}"):
            self.assertEqual(updated_attributes(body), [])
