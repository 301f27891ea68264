"""`make deploy`: its settings, questions and the command of sam."""

import tempfile
import unittest
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import tomlkit
from samcli.yamlhelper import yaml_parse

import deploy
from deployed import CommandError, environment_of


class Environments(unittest.TestCase):
    config: ClassVar[dict[str, Any]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.config = tomlkit.parse(deploy.CONFIG.read_text()).unwrap()

    def test_each_environment_has_the_stack_name_of_the_makefile(self) -> None:
        for name in ("dev", "staging", "prod"):
            environment = deploy.Environment(self.config, name)
            self.assertTrue(environment.is_known)
            self.assertEqual(environment.stack, f"callhook-{name}")
            settings = self.config[name]["deploy"]["parameters"]
            self.assertIs(settings["confirm_changeset"], True)
            self.assertIn(f"environment={name}", settings["tags"])

    def test_the_other_commands_find_the_region_by_the_stack(self) -> None:
        config = tomlkit.parse(deploy.CONFIG.read_text())
        environment = deploy.ask_for_environment(
            config, "qa", lambda question: "eu-north-1" if "Region" in question else ""
        )
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "samconfig.toml")
            file.write_text(tomlkit.dumps(config))
            self.assertEqual(environment_of(environment.stack, file), ("qa", "eu-north-1"))
            self.assertEqual(environment_of("callhook-dev", file), ("dev", None))
            self.assertEqual(environment_of("callhook", file), (None, None))

    def test_production_is_protected_and_shifts_traffic(self) -> None:
        parameters = deploy.Environment(self.config, "prod").parameters
        self.assertEqual(parameters["DeletionProtection"], "true")
        self.assertEqual(parameters["Canary"], "Canary10Percent15Minutes")

    def test_parameters_of_environments_are_those_of_the_template(self) -> None:
        known = set(yaml_parse((deploy.INFRA / "template.yaml").read_text())["Parameters"])
        for name in ("dev", "staging", "prod"):
            self.assertLessEqual(set(deploy.Environment(self.config, name).parameters), known, name)

    def test_parameters_may_be_a_single_text(self) -> None:
        config = {
            "qa": {"deploy": {"parameters": {"parameter_overrides": 'LogLevel=debug ConsoleFrameAncestors="a b"'}}}
        }
        self.assertEqual(
            deploy.Environment(config, "qa").parameters, {"LogLevel": "debug", "ConsoleFrameAncestors": "a b"}
        )

    def test_the_local_cloud_is_refused_as_an_environment(self) -> None:
        """Its section deploys without confirmation."""
        with self.assertRaisesRegex(CommandError, "local cloud"):
            deploy.Environment(self.config, "local")

    def test_a_path_or_option_is_refused_as_a_name(self) -> None:
        for name in ("", "--help", "../x", "a b"):
            self.assertRaises(CommandError, deploy.Environment, self.config, name)


class Guide(unittest.TestCase):
    def setUp(self) -> None:
        self.config = tomlkit.parse(deploy.CONFIG.read_text())

    def ask_for_environment(self, *answers: str, name: str | None = None) -> deploy.Environment:
        left = list(answers)
        environment = deploy.ask_for_environment(self.config, name, ask=lambda _: left.pop(0))
        self.assertEqual(left, [], "not all questions were asked")
        return environment

    def test_a_new_environment_is_stored_with_its_answers(self) -> None:
        self.ask_for_environment("callhook-qa", "eu-west-1", "LogLevel=debug LogRetentionDays=3", name="qa")
        text = tomlkit.dumps(self.config)
        stored = deploy.Environment(tomlkit.parse(text), "qa")
        self.assertTrue(stored.is_known)
        self.assertEqual((stored.stack, stored.region), ("callhook-qa", "eu-west-1"))
        self.assertEqual(stored.parameters, {"LogLevel": "debug", "LogRetentionDays": "3"})
        self.assertIn("# Settings of `sam`", text, "comments are lost")

    def test_missing_settings_of_a_known_environment_are_asked_for(self) -> None:
        environment = self.ask_for_environment("prod", "eu-west-1", "")
        self.assertEqual((environment.stack, environment.region), ("callhook-prod", "eu-west-1"))
        self.assertEqual(environment.parameters["DeletionProtection"], "true")
        again = self.ask_for_environment("prod")
        self.assertEqual(again.region, "eu-west-1")

    def test_the_local_cloud_is_refused_as_an_answer(self) -> None:
        self.assertRaises(CommandError, self.ask_for_environment, "local")


class Command(unittest.TestCase):
    def of(self, parameters: dict[str, Any], confirm: bool = True, **changes: str) -> list[str]:
        environment = deploy.Environment(tomlkit.parse(deploy.CONFIG.read_text()), "prod")
        for name, value in changes.items():
            setattr(environment, name, value)
        return deploy.command(environment, parameters, "0" * 64, confirm)

    def test_all_parameters_are_passed_on(self) -> None:
        command = self.of({"Architecture": "arm64", "ConfigTableArn": ""}, region="eu-west-1")
        overrides = command[command.index("--parameter-overrides") + 1 :]
        # Quotes around an empty value: sam refuses it without.
        self.assertEqual(overrides, ["Architecture=arm64", 'ConfigTableArn=""', f"Release={'0' * 64}"])
        self.assertEqual(command[command.index("--stack-name") + 1], "callhook-prod")
        self.assertEqual(command[command.index("--config-env") + 1], "prod")
        self.assertEqual(command[command.index("--region") + 1], "eu-west-1")

    def test_a_value_of_several_words_is_quoted(self) -> None:
        parameters = deploy.parse_parameters(
            ['ConsoleFrameAncestors="https://a.example https://b.example"', "LogLevel=debug"]
        )
        self.assertEqual(
            [deploy.override(name, value) for name, value in parameters.items()],
            ['ConsoleFrameAncestors="https://a.example https://b.example"', "LogLevel=debug"],
        )

    def test_the_change_set_is_confirmed_by_default(self) -> None:
        self.assertNotIn("--no-confirm-changeset", self.of({}))
        self.assertIn("--no-confirm-changeset", self.of({}, confirm=False))

    def test_words_of_another_form_are_refused(self) -> None:
        for word in ("LogLevel", "=debug", "--guided", "Log-Level=debug"):
            self.assertRaises(CommandError, deploy.parse_parameters, [word])

    def test_a_first_deployment_does_not_protect_tables(self) -> None:
        """CloudFormation could not roll back protected tables."""
        parameters = deploy.without_deletion_protection({"DeletionProtection": "true", "LogLevel": "info"})
        self.assertEqual(parameters, {"DeletionProtection": "false", "LogLevel": "info"})


class Release(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "webhooks").mkdir()
        self.binary, self.template = self.folder / "webhooks" / "bootstrap", self.folder / "template.yaml"
        self.binary.write_text("binary")
        self.template.write_text("template")

    def release(self, **parameters: str) -> str:
        return deploy.release(parameters, self.folder, self.folder)

    def test_any_change_changes_the_release(self) -> None:
        releases = [self.release(), self.release(LogLevel="debug")]
        for file in (self.binary, self.template):
            file.write_text("changed")
            releases.append(self.release())
        self.assertEqual(len(set(releases)), 4)
        self.assertEqual(releases[-1], self.release())

    def test_a_rollback_changes_the_release(self) -> None:
        """SAM retains versions of the rolled-back release, and Lambda publishes none that equals the latest."""
        stack: Any = {"StackStatus": "UPDATE_COMPLETE", "LastUpdatedTime": datetime(2026, 11, 29, tzinfo=UTC)}
        self.assertEqual([deploy.last_rollback(found) for found in (None, stack)], ["", ""])
        stack["StackStatus"] = "UPDATE_ROLLBACK_COMPLETE"
        rolled_back = deploy.last_rollback(stack)
        again = deploy.release({}, self.folder, self.folder, rolled_back)
        self.assertNotEqual(again, self.release())

    def test_the_release_matches_the_pattern_of_its_parameter(self) -> None:
        pattern = yaml_parse((deploy.INFRA / "template.yaml").read_text())["Parameters"]["Release"]["AllowedPattern"]
        self.assertRegex(self.release(), pattern)

    def test_a_release_without_binaries_is_refused(self) -> None:
        self.binary.unlink()
        self.assertRaises(CommandError, self.release)


if __name__ == "__main__":
    unittest.main()
