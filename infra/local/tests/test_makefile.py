"""The commands that the Makefile's targets expand to."""

import os
import re
import subprocess
import unittest

from local.settings import ROOT

PYTHON = f"{ROOT}/.venv/bin/python"
# Targets with variables, and the command that each must run.
EXPANSIONS = {
    "dead-letters": f"{PYTHON} infra/dead_letters.py list --stack callhook",
    "dead-letters STACK=other": f"{PYTHON} infra/dead_letters.py list --stack other",
    "dead-letters LOCAL=1": f"{PYTHON} infra/dead_letters.py list --local",
    "find-dead-letter REPORT=7": f"{PYTHON} infra/dead_letters.py find --stack callhook --report '7'",
    "find-dead-letter REPORT=7 STACK=other": f"{PYTHON} infra/dead_letters.py find --stack other --report '7'",
    "find-dead-letter REPORT=7 LOCAL=1": f"{PYTHON} infra/dead_letters.py find --local --report '7'",
    "redrive": f"{PYTHON} infra/dead_letters.py redrive --stack callhook",
    "redrive STACK=other": f"{PYTHON} infra/dead_letters.py redrive --stack other",
    "redrive STACK=other DRY_RUN=1": f"{PYTHON} infra/dead_letters.py redrive --stack other --dry-run",
    "redrive LOCAL=1": f"{PYTHON} infra/dead_letters.py redrive --local",
    "redrive LOCAL=1 DRY_RUN=1": f"{PYTHON} infra/dead_letters.py redrive --local --dry-run",
    "import FILE=a.json URL=https://x.example.com KEY=chk_1":
        f"{PYTHON} infra/import_webhooks.py 'a.json' --subscriptions '' --account ''",
    "import FILE=a.json SUBSCRIPTIONS=b.json ACCOUNT=acme LOCAL=1 VERIFY=1 DRY_RUN=1":
        f"{PYTHON} infra/import_webhooks.py 'a.json' --subscriptions 'b.json' --account 'acme' "
        "--local --verify --dry-run",
    "platform-key": f"{PYTHON} infra/platform_key.py --stack callhook",
    "platform-key STACK=other": f"{PYTHON} infra/platform_key.py --stack other",
    "platform-key LOCAL=1": f"{PYTHON} infra/platform_key.py --local",
    "deploy": f"{PYTHON} infra/deploy.py --arch arm64",
    "deploy ENV=prod": f"{PYTHON} infra/deploy.py --arch arm64 --env prod",
    "deploy ENV=prod STACK=other CONFIRM=no":
        f"{PYTHON} infra/deploy.py --arch arm64 --env prod --stack other --confirm no",
    "deploy STACK=other ARCH=x86_64 PARAMETERS='LogLevel=debug'":
        f"{PYTHON} infra/deploy.py --arch x86_64 --stack other LogLevel=debug",
    "destroy STACK=other": f"{PYTHON} infra/destroy.py --stack other",
    "destroy STACK=other DESTROY=other": f"{PYTHON} infra/destroy.py --stack other --confirm 'other'",
    "destroy LOCAL=1 DESTROY=callhook": f"{PYTHON} infra/destroy.py --local --confirm 'callhook'",
    "prepare-restored CONFIG_TABLE=a": f"{PYTHON} infra/restored.py --stack callhook --config-table a",
    "prepare-restored STACK=other DELIVERIES_TABLE=b": f"{PYTHON} infra/restored.py --stack other --deliveries-table b",
    "prepare-restored LOCAL=1 CONFIG_TABLE=a DELIVERIES_TABLE=b":
        f"{PYTHON} infra/restored.py --local --config-table a --deliveries-table b",
    "platform-key ENV=prod": f"{PYTHON} infra/platform_key.py --stack callhook-prod",
    "deploy ARCH=x86_64": f"{PYTHON} infra/binaries.py --arch x86_64 webhooks ingest",
    "build-aws": "cargo lambda build --release --arm64",
    "build-aws ARCH=x86_64": "cargo lambda build --release --x86-64",
    "console": "node functions/console/web/build.mjs",
    "console-check": "node functions/console/web/build.mjs --out target/console-check",
    "lint-templates": f"{PYTHON} -m checks.iam {ROOT}/infra/monitoring.yaml {ROOT}/infra/template.yaml",
    "lint-crates": f"{ROOT}/.venv/bin/cargo-shear --locked fuzz",
    "lint-docs": f"rumdl check --no-cache --config {ROOT}/infra/checks/rumdl.toml .",
    "lint-shell": f"{PYTHON} -m checks.shell {ROOT}/.venv/bin/shellcheck",
    "sbom": "--arch arm64 webhooks",
    "sbom ARCH=x86_64": "--arch x86_64 webhooks",
    "advisories": f"{PYTHON} infra/advisories.py {ROOT}/target/tools/bin/cargo-deny",
    "requirements": "--generate-hashes --no-header --no-annotate $list.in --output-file $list.txt",
    "requirements UPGRADE=1": "--generate-hashes --no-header --no-annotate --upgrade $list.in --output-file $list.txt",
    "fuzz FUZZ_SECONDS=8": "-max_total_time=2",
    "test-upgrade": f"exec {PYTHON} -m local upgrade",
    "record-fixtures RELEASE=1.2": f"exec {PYTHON} -m local record 1.2",
    "test-restore": f"exec {PYTHON} -m local restore",
    "sam-local": f"exec {PYTHON} -m local sam-api",
    "sam-invoke EVENT=e.json": f"exec {PYTHON} -m local sam-invoke --event 'e.json'",
    "sam-invoke FN=deliver EVENT=e.json": f"exec {PYTHON} -m local sam-invoke --function 'deliver' --event 'e.json'",
    "test-sam-local": f"exec {PYTHON} -m local sam-test",
    "run": f"exec {PYTHON} -m local run",
    "env": f"exec {PYTHON} -m local env",
    "demo": f"exec {PYTHON} -m local demo",
    "test-examples": f"exec {PYTHON} -m local exec -- {PYTHON} -W error {ROOT}/tests/examples/run.py",
    "build": "cargo build -p callhook-webhooks",
    "build-release": "cargo build --release -p callhook-webhooks",
}  # fmt: skip
# Variables that reach their command by the environment, which a dry run does not show.
BY_ENVIRONMENT = {
    "CHROME", "PORT", "GATEWAY_PORT", "RECEIVER_PORT", "SAM_PORT", "CONTRACT_EXAMPLES", "AWS_PROFILE", "AWS_REGION",
}  # fmt: skip


def expand(target: str) -> str:
    """The commands of a target, each on a line."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    made = subprocess.run(
        ["bash", "-c", f"make --dry-run --no-print-directory {target}"],
        cwd=ROOT, env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise AssertionError(f"make --dry-run {target}: {made.stderr}")
    return made.stdout.replace("\\\n", " ")


class Targets(unittest.TestCase):
    def test_each_expands_to_its_command(self) -> None:
        for target, command in EXPANSIONS.items():
            with self.subTest(target):
                lines = [" ".join(line.split()) for line in expand(target).splitlines()]
                self.assertTrue(any(self.is_in(command, line) for line in lines), f"{command} is not among {lines}")

    @staticmethod
    def is_in(command: str, line: str) -> bool:
        """Whether the line has the command without further options."""
        _, found, rest = line.partition(command)
        return bool(found) and not re.match(r" --(local|stack|dry-run|env|confirm)", rest)

    def test_each_documented_variable_is_expanded_here(self) -> None:
        makefile = (ROOT / "Makefile").read_text()
        documented = {
            (target, variable)
            for target, help_text in re.findall(r"^([a-z0-9-]+):.*## (.*)$", makefile, re.MULTILINE)
            for variable in re.findall(r"\b([A-Z_]+)=", help_text)
            if variable not in BY_ENVIRONMENT
        }
        self.assertTrue(documented, "no variable is documented, so nothing is tested")
        expanded = {
            (words.split()[0], variable) for words in EXPANSIONS for variable in re.findall(r"\b([A-Z_]+)=", words)
        }
        # `deploy` and `sbom` name ARCH with two values and STACK with its default.
        self.assertEqual(documented - expanded, set())
