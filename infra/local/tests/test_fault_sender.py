import os
import socket
import subprocess
import sys
import unittest
from typing import Any

from local.faults.sender import credential_of, kill, reset

CONNECT = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); s.recv(1)"


class Credentials(unittest.TestCase):
    def test_credentials_name_the_key_and_the_service(self) -> None:
        value = b"AWS4-HMAC-SHA256 Credential=ASIA1/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host"
        self.assertEqual(credential_of([(b"host", b"x"), (b"authorization", value)]), ("ASIA1", "sqs"))

    def test_other_requests_have_no_credentials(self) -> None:
        for headers in ([], [(b"authorization", b"Bearer chk_key")], [(b"x", b"y")]):
            self.assertIsNone(credential_of(headers))


class Connections(unittest.TestCase):
    def setUp(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)

    def child(self, environment: dict[str, Any]) -> tuple[subprocess.Popen[bytes], socket.socket]:
        port = str(self.listener.getsockname()[1])
        process = subprocess.Popen([sys.executable, "-c", CONNECT, port], env={**os.environ, **environment})
        connection, _ = self.listener.accept()
        self.addCleanup(process.wait)
        self.addCleanup(connection.close)
        return process, connection

    def test_the_function_at_the_other_end_is_killed_and_no_other(self) -> None:
        bystander, _ = self.child({"AWS_LAMBDA_FUNCTION_NAME": "callhook-deliver"})
        victim, connection = self.child({"AWS_LAMBDA_FUNCTION_NAME": "callhook-deliver"})
        kill(connection.getpeername(), connection.getsockname())
        self.assertEqual(victim.wait(5), -9)
        self.assertIsNone(bystander.poll())

    def test_another_process_is_not_killed(self) -> None:
        process, connection = self.child({})
        with self.assertRaises(ProcessLookupError):
            kill(connection.getpeername(), connection.getsockname())
        self.assertIsNone(process.poll())

    def test_a_reset_is_seen_by_the_client(self) -> None:
        client = socket.create_connection(self.listener.getsockname())
        self.addCleanup(client.close)
        connection, _ = self.listener.accept()
        self.addCleanup(connection.close)
        reset(connection.getpeername(), connection.getsockname())
        with self.assertRaises(ConnectionResetError):
            client.recv(1)
