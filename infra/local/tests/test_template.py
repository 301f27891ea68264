"""The template: narrow roles, encryption, TLS, and limited retention of logs."""

import json
import re
import unittest
from collections.abc import Iterator
from typing import Any, ClassVar

from local.audits.permissions import OWN_KEY, POLLING_ACTIONS, STREAMING_ACTIONS, used_by_aws
from local.audits.statements import Function, Template, as_list, name_of
from local.functions import FUNCTIONS, function_of, function_of_generated, logical_id_of
from local.settings import ROOT, TEMPLATE
from local.tests.matches import match_in

# The statements with a `*`, and the reasons.
WILDCARDS = {
    # A refusal of everything.
    ("Deny", "Action", "sqs:*"),
    ("Deny", "Action", "dynamodb:*"),
    # A table cannot name itself in its policy; `*` is the table with its indexes.
    ("Deny", "Resource", "*"),
}
# Permissions of Lambda for functions in a VPC, on interfaces that do not exist yet.
NETWORK_INTERFACES = {
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
}  # fmt: skip
# Statements cannot name resources of X-Ray.
X_RAY = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
# API Gateway's timeout of a function.
SECONDS_OF_THE_GATEWAY = 30
TLS_ONLY = {"Bool": {"aws:SecureTransport": "false"}}
OF_VPC = {"Fn::If": ["HasVpc", {"Ref": "NetworkInterfaces"}, {"Ref": "AWS::NoValue"}]}
OF_TRACES = {"Fn::If": ["IsTraced", {"Ref": "Traces"}, {"Ref": "AWS::NoValue"}]}
OF_OWN_KEY = {"Fn::If": [OWN_KEY, {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]}


class OfTheTemplate(unittest.TestCase):
    template: ClassVar[Template]
    functions: ClassVar[list[Function]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.template = Template.read(TEMPLATE)
        cls.functions = cls.template.functions()

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        found = self.template.resources(kind)
        self.assertTrue(found, f"there is no {kind}: nothing is tested")
        return found


class Roles(OfTheTemplate):
    def test_each_function_has_a_role_of_its_own(self) -> None:
        roles = [function.role for function in self.functions]
        self.assertEqual(sorted(set(roles)), sorted(roles))
        self.assertEqual(sorted(roles), sorted(self.of("AWS::IAM::Role")), "other roles exist")

    def test_only_lambda_assumes_the_roles_and_no_policy_widens_them(self) -> None:
        for name, role in self.of("AWS::IAM::Role").items():
            of_vpc = [OF_VPC] if name in ("DeliverRole", "WebhooksRole") else []
            self.assertEqual(role["ManagedPolicyArns"], [*of_vpc, OF_TRACES], name)
        self.assertEqual({*self.of("AWS::IAM::ManagedPolicy")}, {"NetworkInterfaces", "Traces"})
        for name, role in self.of("AWS::IAM::Role").items():
            trusted = role["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(trusted, [{
                "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
            }], name)  # fmt: skip
        for kind in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy"):
            self.assertFalse(self.template.resources(kind))

    def test_only_lambda_makes_network_interfaces(self) -> None:
        policy = self.of("AWS::IAM::ManagedPolicy")["NetworkInterfaces"]["PolicyDocument"]
        allowed, denied = policy["Statement"]
        for statement, effect in ((allowed, "Allow"), (denied, "Deny")):
            self.assertEqual((statement["Effect"], statement["Resource"]), (effect, "*"))
            self.assertEqual(set(statement["Action"]), NETWORK_INTERFACES)
        functions = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"
        self.assertEqual(denied["Condition"], {"ArnLike": {"lambda:SourceFunctionArn": {"Fn::Sub": functions}}})
        self.assertEqual(self.template.parsed["Resources"]["NetworkInterfaces"]["Condition"], "HasVpc")
        for name, function in self.of("AWS::Serverless::Function").items():
            in_vpc = function["Role"]["Fn::GetAtt"][0] in ("DeliverRole", "WebhooksRole")
            self.assertEqual("VpcConfig" in function, in_vpc, name)

    def test_only_a_traced_stack_sends_traces(self) -> None:
        (statement,) = self.of("AWS::IAM::ManagedPolicy")["Traces"]["PolicyDocument"]["Statement"]
        self.assertEqual((statement["Effect"], set(statement["Action"]), statement["Resource"]), ("Allow", X_RAY, "*"))
        self.assertEqual(self.template.parsed["Resources"]["Traces"]["Condition"], "IsTraced")
        self.assertEqual(self.template.parsed["Conditions"]["IsTraced"], {"Fn::Equals": [{"Ref": "Tracing"}, "Active"]})
        self.assertEqual(self.template.parsed["Parameters"]["Tracing"]["Default"], "PassThrough")
        self.assertEqual(self.template.parsed["Globals"]["Function"]["Tracing"], {"Ref": "Tracing"})

    def test_statements_name_actions_and_resources(self) -> None:
        permissions = self.template.permissions()
        self.assertGreater(len(permissions), 50)
        for permission in permissions:
            self.assertRegex(permission.action, r"^[a-z]+:[A-Za-z]+$")
            self.assertRegex(permission.resource, r"^\w+(/index/\w+|/stream)?$")

    def test_each_wildcard_has_a_reason(self) -> None:
        for statement in statements_in(self.template.parsed):
            self.assertFalse({"NotAction", "NotResource", "NotPrincipal"} & statement.keys(), statement)
            for field in ("Action", "Resource"):
                for value in as_list(statement.get(field, [])):
                    if "*" in json.dumps(value) and set(as_list(statement["Action"])) not in (
                        NETWORK_INTERFACES,
                        X_RAY,
                    ):
                        self.assertIn((statement["Effect"], field, value), WILDCARDS)

    def test_sids_are_unique_in_a_role(self) -> None:
        for function in self.functions:
            sids = [statement["Sid"] for statement, _ in self.template.statements(function.role)]
            self.assertEqual(sorted(set(sids)), sorted(sids), function.name)

    def test_permissions_on_tables_are_limited_to_partition_keys(self) -> None:
        for permission in self.template.permissions():
            if permission.action.startswith("dynamodb:") and "/stream" not in permission.resource:
                self.assertIsNotNone(permission.keys, permission)

    def test_a_function_uses_only_its_own_log_group_queues_and_streams(self) -> None:
        functions = {function.name: function for function in self.functions}
        for permission in self.template.permissions():
            if permission.action.startswith("logs:"):
                self.assertTrue(used_by_aws(permission, functions[permission.function]), permission)
        for function in self.functions:
            allowed = [p for p in self.template.permissions() if p.function == function.name]
            by_aws = {(p.action, p.resource) for p in allowed if used_by_aws(p, function)}
            for source in function.event_sources:
                for action in STREAMING_ACTIONS if source.endswith("/stream") else POLLING_ACTIONS:
                    self.assertIn((action, source), by_aws, function.name)

    def test_the_key_is_used_by_aws_services_only(self) -> None:
        for function in self.functions:
            keyed = [s for s, condition in self.template.statements(function.role) if condition == OWN_KEY]
            vias = [via["Fn::Sub"] for s in keyed for via in s["Condition"]["StringEquals"]["kms:ViaService"]]
            services = {via.removesuffix(".${AWS::Region}.${AWS::URLSuffix}") for via in vias}
            allowed = [p for p in self.template.permissions() if p.function == function.name]
            called = {p.action.partition(":")[0] for p in allowed} - {"logs", "kms"}
            self.assertEqual(services, called, function.name)
            if not called:
                continue
            self.assertEqual([s["Resource"] for s in keyed], [{"Ref": "KmsKeyArn"}], function.name)
            # Sending to SQS and SNS needs a data key; reading does not.
            sends = any(p.action in ("sqs:SendMessage", "sns:Publish") for p in allowed)
            actions = ["kms:Decrypt", *(["kms:GenerateDataKey"] if sends else [])]
            self.assertEqual(keyed[0]["Action"], actions, function.name)


# Attributes that ingest, deliveries and eraser may read of items in partitions of accounts, such as webhooks.
NO_SECRETS = {
    "pk", "sk", "status", "disabled_reason", "disabled_at", "retention_days", "time_zone", "quotas", "next_free",
    "hash", "erasing", "asked_at", "forget_at", "created_by", "interval_micros",
}  # fmt: skip
WITHOUT_SECRETS = ("ingest", "deliveries", "eraser")
ATTRIBUTES, SELECT, RETURN_VALUES = "dynamodb:Attributes", "dynamodb:Select", "dynamodb:ReturnValues"


class Secrets(OfTheTemplate):
    def statements_on_webhooks(self, role: str) -> Iterator[dict[str, Any]]:
        """The statements that allow a role to use items of webhooks."""
        for statement, _ in self.template.statements(role):
            keys = statement.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
            if "ConfigTable" in map(name_of, as_list(statement["Resource"])) and "ACCT#*" in keys:
                yield statement

    def test_some_functions_reach_no_secret_of_a_webhook(self) -> None:
        roles = {function.name: function.role for function in self.functions}
        for name in WITHOUT_SECRETS:
            statements = [*self.statements_on_webhooks(roles[name])]
            self.assertTrue(statements, f"{name} reaches no webhook: nothing is tested")
            for statement in statements:
                with self.subTest(name, sid=statement["Sid"]):
                    self.assert_without_secrets(statement)

    def assert_without_secrets(self, statement: dict[str, Any]) -> None:
        condition, actions = statement["Condition"], set(as_list(statement["Action"]))
        attributes = set(condition["ForAllValues:StringEquals"][ATTRIBUTES])
        if actions == {"dynamodb:BatchWriteItem"}:
            # It returns nothing. Limited to keys, it deletes items or writes empty ones.
            self.assertEqual(attributes, {"pk", "sk"})
            return
        # Each other write can return the item when its condition fails.
        self.assertLessEqual(actions, {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"})
        self.assertLessEqual(attributes, NO_SECRETS)
        self.assertEqual(condition["StringEquals"], {SELECT: "SPECIFIC_ATTRIBUTES"})

    def test_updates_by_attribute_return_limited_values(self) -> None:
        for function in self.functions:
            # deliver reads whole webhooks.
            allowed = {"NONE", "UPDATED_OLD", "UPDATED_NEW"} | ({"ALL_NEW"} if function.name == "deliver" else set())
            for statement, _ in self.template.statements(function.role):
                condition = statement.get("Condition", {})
                if ATTRIBUTES not in condition.get("ForAllValues:StringEquals", {}):
                    continue
                if "dynamodb:UpdateItem" in as_list(statement["Action"]):
                    returned = set(as_list(condition["StringEqualsIfExists"][RETURN_VALUES]))
                    self.assertLessEqual(returned, allowed, statement["Sid"])


class Invocations(OfTheTemplate):
    def test_only_the_api_of_the_stack_invokes_functions(self) -> None:
        """For all of its routes and stages: there is one stage, and each route names its function."""
        api = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/"
        for name, permission in self.of("AWS::Lambda::Permission").items():
            self.assertEqual(permission["Action"], "lambda:InvokeFunction", name)
            self.assertEqual(permission["Principal"], "apigateway.amazonaws.com", name)
            source = permission["SourceArn"]["Fn::Sub"]
            self.assertIn(source, (f"{api}*", f"{api}authorizers/*"), name)

    def test_routes_and_the_authorizer_invoke_the_alias(self) -> None:
        uri = re.compile(r"arn:\$\{AWS::Partition\}:apigateway:\$\{AWS::Region\}:lambda:path/2015-03-31/functions/"
                         r"\$\{(\w+)\.Arn\}:live/invocations")  # fmt: skip
        uris = [part["IntegrationUri"] for part in self.of("AWS::ApiGatewayV2::Integration").values()]
        uris += [part["AuthorizerUri"] for part in self.of("AWS::ApiGatewayV2::Authorizer").values()]
        invoked = sorted(match_in(uri.fullmatch(text["Fn::Sub"]))[1] for text in uris)
        allowed = sorted(part["FunctionName"]["Ref"] for part in self.of("AWS::Lambda::Permission").values())
        self.assertEqual([f"{function}.Alias" for function in invoked], allowed)

    def test_api_gateway_may_invoke_an_alias_before_a_route_uses_it(self) -> None:
        permissions = self.of("AWS::Lambda::Permission")
        for kind, uri in (("Integration", "IntegrationUri"), ("Authorizer", "AuthorizerUri")):
            for name, resource in self.template.parsed["Resources"].items():
                if resource["Type"] == f"AWS::ApiGatewayV2::{kind}":
                    function = permissions[resource["DependsOn"]]["FunctionName"]["Ref"].removesuffix(".Alias")
                    self.assertIn(f"${{{function}.Arn}}:live", resource["Properties"][uri]["Fn::Sub"], name)

    def test_a_change_of_a_parameter_publishes_a_version(self) -> None:
        """By Release, which `make deploy` sets: SAM itself compares the code, not values of parameters."""
        self.assertEqual(self.template.parsed["Globals"]["Function"]["AutoPublishAlias"], "live")
        for name, function in self.of("AWS::Serverless::Function").items():
            self.assertEqual(function["AutoPublishCodeSha256"], {"Ref": "Release"}, name)

    def test_a_release_changes_the_configuration_of_each_function(self) -> None:
        """Lambda publishes no version of an unchanged function, and CloudFormation fails without one."""
        variables = self.template.parsed["Globals"]["Function"]["Environment"]["Variables"]
        self.assertEqual(variables["RELEASE"], {"Ref": "Release"})

    def test_codedeploy_shifts_traffic_as_the_parameter_says(self) -> None:
        allowed = self.template.parsed["Parameters"]["Canary"]["AllowedValues"]
        canaries = self.template.parsed["Mappings"]["Canaries"]
        self.assertEqual(list(canaries), allowed)
        self.assertEqual([name for name in allowed if canaries[name]["Enabled"] == "false"], ["AllAtOnce"])


class Domain(OfTheTemplate):
    def test_the_domain_requires_tls_1_2(self) -> None:
        (domain,) = self.of("AWS::ApiGatewayV2::DomainName").values()
        (configuration,) = domain["DomainNameConfigurations"]
        self.assertEqual(configuration["SecurityPolicy"], "TLS_1_2")

    def test_links_begin_with_public_url_or_with_the_domain_and_its_path(self) -> None:
        variables = self.of("AWS::Serverless::Function")["AccountsFunction"]["Environment"]["Variables"]
        for conditions, expected in (
            (set[str](), {"Fn::GetAtt": ["Api", "ApiEndpoint"]}),
            ({"HasDomain"}, {"Fn::Sub": "https://${DomainName}"}),
            ({"HasDomain", "HasBasePath"}, {"Fn::Sub": "https://${DomainName}/${BasePath}"}),
            ({"HasDomain", "HasBasePath", "HasPublicUrl"}, {"Ref": "PublicUrl"}),
        ):
            url = variables["PUBLIC_URL"]
            for condition in ("HasDomain", "HasBasePath", "HasPublicUrl"):
                url = branch_of(url, condition, condition in conditions)
            self.assertEqual(url, expected)

    def test_patterns_of_the_domain_parameters(self) -> None:
        parameters = self.template.parsed["Parameters"]
        for parameter, good, bad in (
            (
                "DomainName",
                ("", "api.example.com", "a-b.example"),
                ("https://api.example.com", "API.example.com", "api", "a..b"),
            ),
            ("BasePath", ("", "callhook", "a/b", "v1.2_x~y-z"), ("/callhook", "callhook/", "a//b", "a?b")),
            ("HostedZoneId", ("", "Z0123456789ABCDEF"), ("/hostedzone/Z1", "z1")),
        ):
            for text in good:
                self.assertRegex(text, parameters[parameter]["AllowedPattern"])
            for text in bad:
                self.assertNotRegex(text, parameters[parameter]["AllowedPattern"])


class Data(OfTheTemplate):
    def test_tables_are_encrypted_retained_and_restorable(self) -> None:
        for name, table in self.of("AWS::DynamoDB::Table").items():
            encryption = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": OF_OWN_KEY}
            self.assertEqual(table["SSESpecification"], encryption, name)
            self.assertIs(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], True, name)
            self.assertEqual(table["DeletionProtectionEnabled"], {"Ref": "DeletionProtection"}, name)
            # Retain would keep the empty tables of a failed first deployment.
            self.assertEqual(self.template.parsed["Resources"][name]["DeletionPolicy"], "RetainExceptOnCreate")
            self.assertEqual(self.template.parsed["Resources"][name]["UpdateReplacePolicy"], "Retain")
            self.assert_tls_only(table["ResourcePolicy"]["PolicyDocument"], ["*"])

    def test_queues_are_encrypted(self) -> None:
        for name, queue in self.of("AWS::SQS::Queue").items():
            self.assertEqual(queue["KmsMasterKeyId"], OF_OWN_KEY, name)
            managed = {"Fn::If": [OWN_KEY, {"Ref": "AWS::NoValue"}, True]}
            self.assertEqual(queue["SqsManagedSseEnabled"], managed, name)

    def test_topics_have_a_key_that_alarms_can_use(self) -> None:
        """The policy of alias/aws/sns does not let CloudWatch publish."""
        for name, topic in self.of("AWS::SNS::Topic").items():
            self.assertEqual(topic["KmsMasterKeyId"], OF_OWN_KEY, name)

    def test_alarms_of_this_account_may_publish(self) -> None:
        (policy,) = self.of("AWS::SNS::TopicPolicy").values()
        (allowed,) = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]
        self.assertEqual(allowed["Principal"], {"Service": "cloudwatch.amazonaws.com"})
        self.assertEqual((allowed["Action"], allowed["Resource"]), ("sns:Publish", {"Ref": "OperatorTopic"}))
        alarms = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"
        self.assertEqual(allowed["Condition"], {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
            "ArnLike": {"aws:SourceArn": {"Fn::Sub": alarms}},
        })  # fmt: skip

    def test_visibility_timeouts_are_six_times_the_timeouts_of_functions(self) -> None:
        """AWS refuses a trigger whose function's timeout exceeds the visibility timeout."""
        parameters, timeouts = self.template.parsed["Parameters"], self.template.parsed["Mappings"]["Timeouts"]
        for seconds, row in timeouts.items():
            self.assertEqual(row["VisibilityTimeout"], 6 * int(seconds))
        functions, queues = self.of("AWS::Serverless::Function"), self.of("AWS::SQS::Queue")
        for name, function in functions.items():
            for event in function.get("Events", {}).values():
                if event["Type"] != "SQS":
                    continue
                visibility = queues[name_of(event["Properties"]["Queue"])]["VisibilityTimeout"]
                if isinstance(visibility, int):
                    self.assertEqual(visibility, 6 * function["Timeout"], name)
                    continue
                parameter = function["Timeout"]["Ref"]
                self.assertEqual(visibility, {"Fn::FindInMap": ["Timeouts", {"Ref": parameter}, "VisibilityTimeout"]})
                self.assertLessEqual({str(value) for value in parameters[parameter]["AllowedValues"]}, set(timeouts))

    def test_each_queue_and_topic_requires_tls(self) -> None:
        for kind, policy_kind, members in (
            ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
            ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
        ):
            protected: list[str] = []
            for policy in self.of(policy_kind).values():
                protected += map(name_of, policy[members])
                self.assert_tls_only(policy["PolicyDocument"], list(map(name_of, policy[members])))
            self.assertEqual(sorted(protected), sorted(self.of(kind)))

    def assert_tls_only(self, policy: dict[str, Any], resources: list[str]) -> None:
        (statement,) = [statement for statement in policy["Statement"] if statement.get("Effect") == "Deny"]
        self.assertEqual(statement["Principal"], "*")
        self.assertEqual(statement["Condition"], TLS_ONLY)
        # `*` in the policy of a queue is that queue.
        self.assertEqual([name_of(statement["Resource"])], resources if len(resources) == 1 else ["*"])
        everything = {"dynamodb:*", "sqs:*"} & set(as_list(statement["Action"]))
        self.assertTrue(everything or "sns:Publish" in statement["Action"])


class AdoptedTables(OfTheTemplate):
    """A stack with the parameters of an existing table creates none, and uses that one everywhere."""

    TABLES: ClassVar[dict[str, str]] = {"ConfigTable": "MakesConfigTable", "DeliveriesTable": "MakesDeliveriesTable"}

    def test_nothing_refers_to_a_table_that_the_stack_does_not_create(self) -> None:
        for table, condition in self.TABLES.items():
            self.assertEqual(self.template.parsed["Resources"][table]["Condition"], condition)
            parts = {name: part for name, part in self.template.parsed["Resources"].items() if name != table}
            parts["Outputs"], parts["Globals"] = self.template.parsed["Outputs"], self.template.parsed["Globals"]
            reference = re.compile(rf'"Ref": "{table}"|"Fn::GetAtt": \["{table}"|\$\{{{table}(\.\w+)?\}}')
            made, adopted = (json.dumps(branch_of(parts, condition, holds)) for holds in (True, False))
            self.assertGreater(len(reference.findall(made)), 15, "nothing is tested")
            self.assertEqual(reference.findall(adopted), [])
            self.assertEqual(adopted.count(f"{table}Arn"), len(reference.findall(made)))

    def test_an_empty_arn_makes_the_stack_create_the_table(self) -> None:
        for table, condition in self.TABLES.items():
            self.assertEqual(
                self.template.parsed["Conditions"][condition], {"Fn::Equals": [{"Ref": f"{table}Arn"}, ""]}
            )
            self.assertEqual(self.template.parsed["Parameters"][f"{table}Arn"]["Default"], "")

    def test_the_patterns_match_the_arn_of_a_table_and_the_label_of_a_stream(self) -> None:
        parameters = self.template.parsed["Parameters"]
        arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/callhook-ConfigTable-1A2B"
        for parameter in ("ConfigTableArn", "DeliveriesTableArn"):
            for text in ("", arn, arn.replace("arn:aws", "arn:aws-us-gov")):
                self.assertRegex(text, parameters[parameter]["AllowedPattern"])
            for text in ("callhook-ConfigTable-1A2B", f"{arn}/stream/2026-11-29T20:36:09.123", f"{arn}/index/i"):
                self.assertNotRegex(text, parameters[parameter]["AllowedPattern"])
        label = parameters["DeliveriesStreamLabel"]["AllowedPattern"]
        for text in ("", "2026-11-29T20:36:09.123"):
            self.assertRegex(text, label)
        self.assertNotRegex(f"{arn}/stream/2026-11-29T20:36:09.123", label)


class Logs(OfTheTemplate):
    def test_logs_have_a_retention_and_are_encrypted(self) -> None:
        for name, group in self.of("AWS::Logs::LogGroup").items():
            self.assertEqual(group["RetentionInDays"], {"Ref": "LogRetentionDays"}, name)
            self.assertEqual(group["KmsKeyId"], OF_OWN_KEY, name)

    def test_each_function_has_a_log_group_of_its_own(self) -> None:
        groups = [function.log_group for function in self.functions]
        self.assertEqual(sorted(set(groups)), sorted(groups))
        self.assertLessEqual(set(groups), set(self.of("AWS::Logs::LogGroup")))

    def test_the_access_log_has_neither_paths_nor_addresses(self) -> None:
        """Paths and queries may hold phone numbers; route keys do not."""
        allowed = {
            "$context.requestId", "$context.routeKey", "$context.status", "$context.responseLatency",
            "$context.error.message", "$context.integrationErrorMessage", "$context.authorizer.error",
            "$context.integrationStatus", "$context.integrationLatency",
        }  # fmt: skip
        for stage in self.of("AWS::ApiGatewayV2::Stage").values():
            fields = json.loads(stage["AccessLogSettings"]["Format"])
            self.assertLessEqual(set(fields.values()), allowed)


class Parameters(OfTheTemplate):
    def test_frame_ancestors_are_none_or_self_and_origins(self) -> None:
        """The function's `FrameAncestors` has the same rules, and its test the same cases."""
        pattern = self.template.parsed["Parameters"]["ConsoleFrameAncestors"]["AllowedPattern"]
        for text in (
            "'none'", "'self'", "https://panel.example.com", "https://panel.example.com:8443", "https://*.example.com",
            "'self' https://a.example https://b.example", "http://localhost", "http://localhost:3000", "http://localhost:*",
        ):  # fmt: skip
            self.assertRegex(text, pattern)
        for text in (
            "", " ", "*", "none", "self", "'none' https://a.example", "https://a.example  https://b.example",
            "https://a.example,https://b.example", "https://a.example; script-src *", "https://a.example/",
            "https://a.example/panel", "https://user@a.example", "https://", "https://*", "https://*.com",
            "https://a.*.example", "https://a..example", "https://a.example:", "https://a.example:*",
            "https://a.example:123456", "http://a.example", "http://localhost.example", "http://localhost:", "https:",
            "data:", "https://é.example", "https://a.example\r\nx: y",
        ):  # fmt: skip
            self.assertNotRegex(text, pattern)

    def test_the_readme_lists_each_parameter_with_its_default(self) -> None:
        table = (ROOT / "README.md").read_text().partition("\n## Configuration\n")[2].partition("\n## ")[0]
        documented: dict[str, str] = {}
        for row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ([^|]+) \|", table, re.MULTILINE):
            # A comma without a space is part of a number.
            names, defaults = (cell.replace("`", "").split(", ") for cell in row)
            # One default may be that of all parameters of the row.
            documented |= zip(names, defaults * len(names) if len(defaults) == 1 else defaults, strict=True)
        declared = {
            name: "none" if parameter["Default"] == "" else str(parameter["Default"])
            for name, parameter in self.template.parsed["Parameters"].items()
        }
        self.assertEqual({name: default.replace(",", "") for name, default in documented.items()}, declared)


class Functions(OfTheTemplate):
    def test_concurrency_is_reserved_only_by_parameters(self) -> None:
        functions = self.of("AWS::Serverless::Function")
        reserving = {name for name, function in functions.items() if "ReservedConcurrentExecutions" in function}
        self.assertEqual(reserving, {"AuthorizerFunction", "IngestFunction", "WebhooksFunction"})
        for name in reserving:
            parameter = f"{name.removesuffix('Function')}ReservedConcurrency"
            condition, value, otherwise = functions[name]["ReservedConcurrentExecutions"]["Fn::If"]
            self.assertEqual((value, otherwise), ({"Ref": parameter}, {"Ref": "AWS::NoValue"}))
            none = {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, 0]}]}
            self.assertEqual(self.template.parsed["Conditions"][condition], none)
            # As the property, 0 would disable the function.
            self.assertEqual(self.template.parsed["Parameters"][parameter]["Default"], 0)

    def test_a_trial_times_out_before_its_function_and_the_gateway(self) -> None:
        longest = self.template.parsed["Parameters"]["TrialTimeoutSeconds"]
        webhooks = self.of("AWS::Serverless::Function")["WebhooksFunction"]
        self.assertEqual(webhooks["Environment"]["Variables"]["TRIAL_TIMEOUT_SECONDS"], {"Ref": "TrialTimeoutSeconds"})
        self.assertEqual((longest["Default"], longest["MinValue"], longest["MaxValue"]), (10, 1, 25))
        self.assertLess(longest["MaxValue"], webhooks["Timeout"])
        self.assertLess(webhooks["Timeout"], SECONDS_OF_THE_GATEWAY)

    def test_stats_gets_the_shard_of_changes(self) -> None:
        """AWS names the shard only in events of windows, and has one batch of a shard in flight at a time."""
        log = self.of("AWS::Serverless::Function")["StatsFunction"]["Events"]["Log"]["Properties"]
        self.assertEqual(log["TumblingWindowInSeconds"], 900)
        self.assertNotIn("ParallelizationFactor", log)
        self.assertNotIn("FunctionResponseTypes", log)
        self.assertEqual(
            log["DestinationConfig"], {"OnFailure": {"Destination": {"Fn::GetAtt": ["DeadLettersQueue", "Arn"]}}}
        )

    def test_metrics_are_of_the_stack_and_of_the_function(self) -> None:
        variables = self.template.parsed["Globals"]["Function"]["Environment"]["Variables"]
        self.assertEqual(variables["POWERTOOLS_METRICS_NAMESPACE"], {"Fn::Sub": "Callhook/${AWS::StackName}"})
        for logical_id, function in self.of("AWS::Serverless::Function").items():
            service = function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
            self.assertEqual(service, function_of(logical_id))

    def test_functions_have_the_same_names_everywhere(self) -> None:
        """A function that is missing in the Makefile would be deployed with a stale binary or none."""
        built = match_in(re.search(r"^FUNCTIONS := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE))[1].split()
        names = sorted(function.name for function in self.functions)
        self.assertEqual(sorted(built), names)
        self.assertEqual(sorted(FUNCTIONS), names)
        self.assertEqual(sorted(path.name for path in (ROOT / "functions").iterdir() if path.is_dir()), names)
        for logical_id, function in self.of("AWS::Serverless::Function").items():
            name = function_of(logical_id)
            self.assertEqual(logical_id_of(name), logical_id)
            self.assertEqual(function["CodeUri"], f"../target/lambda/{name}/")
            logs = self.of("AWS::Logs::LogGroup")[name_of(function["LoggingConfig"]["LogGroup"])]
            self.assertEqual(logs["LogGroupName"], {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{name}"})

    def test_cloudformation_names_the_functions(self) -> None:
        """`sam local` resolves the ARN of a function to its logical id only if the function has no name of its own."""
        for logical_id, function in self.of("AWS::Serverless::Function").items():
            self.assertNotIn("FunctionName", function, logical_id)

    def test_functions_are_recognized_by_their_generated_names(self) -> None:
        self.assertEqual(function_of_generated("callhook-DeliverFunction-1A2B3C"), "deliver")
        self.assertIsNone(function_of_generated("callhook-deliver"))


def branch_of(part: object, condition: str, holds: bool) -> object:
    """The part of a template, with the branches for this value of the condition."""
    if isinstance(part, list):
        return [branch_of(inner, condition, holds) for inner in part]
    if not isinstance(part, dict):
        return part
    match part:
        case {"Fn::If": [name, if_so, if_not]} if name == condition:
            return branch_of(if_so if holds else if_not, condition, holds)
    return {name: branch_of(inner, condition, holds) for name, inner in part.items()}


def statements_in(part: object) -> Iterator[dict[str, Any]]:
    """Each statement of a policy, anywhere in the template."""
    if isinstance(part, dict) and "Effect" in part:
        yield part
    inner_parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for inner in inner_parts:
        yield from statements_in(inner)
