import unittest

from ministack.app import _parse_execute_api_url

from local.patches import keeping_the_slash

HOST = "abcd1234.execute-api.localhost:4566"


class TrailingSlash(unittest.TestCase):
    def test_a_path_of_one_segment_keeps_its_slash_as_on_aws(self) -> None:
        parse = keeping_the_slash(_parse_execute_api_url)
        self.assertEqual(parse(HOST, "/console/"), ("abcd1234", "$default", "/console/"))
        for path in ("/", "/console", "/v1/webhooks", "/v1/webhooks/"):
            expected = ("abcd1234", "$default", "/") if path == "/" else _parse_execute_api_url(HOST, path)
            self.assertEqual(parse(HOST, path), expected, path)
        for elsewhere in ("localhost:4566", "s3.localhost:4566"):
            self.assertIsNone(parse(elsewhere, "/console/"))
