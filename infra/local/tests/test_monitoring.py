"""The alarms and the dashboard: their metrics exist, and each alarm has a runbook."""

import json
import re
import unittest
from dataclasses import dataclass
from typing import Any, ClassVar

from local.audits.statements import Template, name_of
from local.functions import FUNCTIONS, function_of, logical_id_of
from local.settings import MONITORING, ROOT, TEMPLATE
from local.tests.matches import match_in
from local.tests.metrics import BY_NAMESPACE, OWN_NAMESPACE, Metric, own_metrics

RUNBOOKS = ROOT / "docs" / "operations.md"
ARN_OF_ALARMS = {"Fn::Sub": "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:"}
ALARM, DASHBOARD = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"
# The limit of metrics in one alarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
MOST_METRICS_OF_AN_ALARM = 10
COLUMNS_OF_A_DASHBOARD = 24
QUERY = re.compile(r'SELECT SUM\((\w+)\) FROM SCHEMA\("([\w/]+)", ([\w, ]+)\) WHERE (\w+) = \'\$\{(\w+)\}\'')
# Parameters that are values of dimensions.
VALUES = {
    "FunctionName": {logical_id_of(name) for name in FUNCTIONS},
    "QueueName": {"ReportsQueue", "RetriesQueue", "ReplaysQueue", "ErasuresQueue", "DeadLettersQueue"},
    "TableName": {"ConfigTable", "DeliveriesTable"},
    "ApiId": {"Api"},
}


@dataclass(frozen=True)
class Use:
    """A metric of an alarm or a graph; parameters as values have the form ${Name}."""

    where: str
    namespace: str
    name: str
    dimensions: dict[str, str]
    statistic: str


def text_of(value: object) -> str:
    """`${Name}` for a reference to a parameter; texts unchanged."""
    match value:
        case {"Ref": name}:
            return f"${{{name}}}"
        case {"Fn::Sub": str(text)} | str(text):
            return text
    raise ValueError(f"{value} is neither a reference nor a text")


class OfMonitoring(unittest.TestCase):
    template: ClassVar[Template]
    monitoring: ClassVar[Template]
    nested: ClassVar[dict[str, Any]]
    alarms: ClassVar[dict[str, dict[str, Any]]]
    own_metrics: ClassVar[dict[tuple[str, str], Metric]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.template, cls.monitoring = Template.read(TEMPLATE), Template.read(MONITORING)
        cls.nested = cls.template.parsed["Resources"]["Monitoring"]["Properties"]
        cls.alarms = cls.monitoring.resources(ALARM)
        cls.own_metrics = own_metrics()

    @classmethod
    def dashboard(cls) -> dict[str, Any]:
        """The body of the dashboard, with the alarms that exist on AWS only."""
        (dashboard,) = cls.monitoring.resources(DASHBOARD).values()
        body, variables = dashboard["DashboardBody"]["Fn::Sub"]
        condition, on_aws, otherwise = variables["AlarmsOnAws"]["Fn::If"]
        assert (condition, otherwise) == ("IsOnAws", ""), variables
        on_aws, of_alarms = on_aws["Fn::Sub"]
        assert of_alarms["AlarmArn"] == variables["AlarmArn"] == ARN_OF_ALARMS, variables
        json.loads(body.replace("${AlarmsOnAws}", ""))
        found: dict[str, Any] = json.loads(body.replace("${AlarmsOnAws}", on_aws))
        return found

    def uses_of_alarms(self) -> list[Use]:
        uses = []
        for name, alarm in self.alarms.items():
            for stat in alarm.get("Metrics", [{"MetricStat": {"Metric": alarm}}]):
                if "MetricStat" in stat:
                    metric = stat["MetricStat"]["Metric"]
                    dimensions = {each["Name"]: text_of(each["Value"]) for each in metric.get("Dimensions", [])}
                    statistic = stat["MetricStat"].get("Stat") or alarm.get("ExtendedStatistic") or alarm["Statistic"]
                    uses.append(Use(name, text_of(metric["Namespace"]), metric["MetricName"], dimensions, statistic))
                elif "SELECT" in text_of(stat["Expression"]):
                    uses.append(self.use_of_query(name, text_of(stat["Expression"])))
        return uses

    def use_of_query(self, alarm: str, query: str) -> Use:
        metric, namespace, names, filtered, value = match_in(QUERY.fullmatch(query)).groups()
        dimensions = dict.fromkeys(names.split(", "), "")
        self.assertIn(filtered, dimensions)
        return Use(alarm, namespace, metric, {**dimensions, filtered: f"${{{value}}}"}, "Sum")

    def uses_of_dashboard(self) -> list[Use]:
        uses = []
        for widget in self.dashboard()["widgets"]:
            for row in widget["properties"].get("metrics", []):
                options = row.pop() if isinstance(row[-1], dict) else {}
                namespace, name, *dimensions = row
                pairs = dict(zip(dimensions[::2], dimensions[1::2], strict=True))
                statistic = options.get("stat", widget["properties"]["stat"])
                uses.append(Use(widget["properties"]["title"], namespace, name, pairs, statistic))
        return uses


class Metrics(OfMonitoring):
    def test_every_alarm_looks_at_a_metric_that_exists(self) -> None:
        uses = self.uses_of_alarms()
        self.assertEqual({use.where for use in uses}, set(self.alarms))
        for use in uses:
            self.assert_exists(use)

    def test_every_graph_shows_metrics_that_exist(self) -> None:
        uses = self.uses_of_dashboard()
        self.assertGreater(len(uses), 50)
        for use in uses:
            self.assert_exists(use)

    def assert_exists(self, use: Use) -> None:
        metric = self.own(use) if use.namespace == OWN_NAMESPACE else BY_NAMESPACE[use.namespace].get(use.name)
        assert metric, f"no such metric: {use}"
        self.assertIn(frozenset(use.dimensions), metric.dimensions, use)
        self.assertIn(use.statistic, metric.statistics, use)
        for name, value in use.dimensions.items():
            if name in VALUES:
                self.assertIn(value.removeprefix("${").removesuffix("}"), VALUES[name], use)
        if index := use.dimensions.get("GlobalSecondaryIndexName"):
            table = self.template.resources("AWS::DynamoDB::Table")["DeliveriesTable"]
            self.assertEqual(use.dimensions["TableName"], "${DeliveriesTable}")
            self.assertIn(index, [each["IndexName"] for each in table["GlobalSecondaryIndexes"]])

    def own(self, use: Use) -> Metric | None:
        """Callhook's own metric in docs/metrics.md."""
        service = use.dimensions.get("service", "")
        if "function_name" in use.dimensions:
            self.assertEqual(use.dimensions["function_name"], f"${{{logical_id_of(service)}}}")
        return self.own_metrics.get((service, use.name))


class Alarms(OfMonitoring):
    def test_alarms_are_named_after_the_stack_and_notify_the_operator_only_of_alarms(self) -> None:
        for name, alarm in self.alarms.items():
            self.assertEqual(alarm["AlarmName"], {"Fn::Sub": f"${{StackName}}-{name}"})
            self.assertEqual(alarm["AlarmActions"], [{"Ref": "OperatorTopic"}], name)
            # A new alarm becomes OK once.
            self.assertFalse({"OKActions", "InsufficientDataActions"} & alarm.keys(), name)
            self.assertEqual(alarm["TreatMissingData"], "notBreaching", name)
            self.assertLessEqual(alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"], name)

    def test_each_function_has_three_alarms(self) -> None:
        for function in FUNCTIONS:
            name = function.capitalize()
            for metric in ("Errors", "Throttles", "Duration"):
                alarm = self.alarms[f"{name}{metric}"]
                self.assertEqual((alarm["Namespace"], alarm["MetricName"]), ("AWS/Lambda", metric))
                dimensions = [{"Name": "FunctionName", "Value": {"Ref": logical_id_of(function)}}]
                self.assertEqual(alarm["Dimensions"], dimensions)
                description = alarm["AlarmDescription"]
                self.assertTrue(description.startswith(function) or f" of {function}:" in description, description)

    def test_alarms_of_functions_differ_by_function_and_timeout_only(self) -> None:
        alike = {"Throttles": FUNCTIONS, "Duration": FUNCTIONS, "Errors": set(FUNCTIONS) - {"replay", "eraser"}}
        own = {"AlarmName", "AlarmDescription", "Dimensions", "Threshold"}
        for metric, functions in alike.items():
            alarms = [self.alarms[f"{function.capitalize()}{metric}"] for function in functions]
            for alarm in alarms:
                self.assertEqual(*({k: v for k, v in each.items() if k not in own} for each in (alarm, alarms[0])))
            if metric != "Duration":
                self.assertEqual({alarm["Threshold"] for alarm in alarms}, {1})

    def test_durations_are_four_fifths_of_the_timeouts(self) -> None:
        default = self.template.parsed["Globals"]["Function"]["Timeout"]
        for name, function in self.template.resources("AWS::Serverless::Function").items():
            timeout, alarm = function.get("Timeout", default), self.alarms[f"{function_of(name).capitalize()}Duration"]
            match timeout:
                case {"Ref": parameter}:
                    mapping = f"{parameter.removesuffix('TimeoutSeconds')}Timeouts"
                    expected = {"Fn::FindInMap": [mapping, {"Ref": parameter}, "Duration"]}
                    self.assertEqual(self.nested["Parameters"][parameter], {"Ref": parameter})
                    self.assertEqual(alarm["Threshold"], expected)
                case int(seconds) if name == "EraserFunction":
                    self.assertEqual(alarm["Threshold"], duration_of_one_that_stops_itself(seconds))
                case int(seconds):
                    self.assertEqual(alarm["Threshold"], seconds * 800, name)

    def test_mappings_have_every_timeout_that_the_template_allows(self) -> None:
        parameters, mappings = self.template.parsed["Parameters"], self.monitoring.parsed["Mappings"]
        visibility = self.template.parsed["Mappings"]["Timeouts"]
        self.assertEqual(mappings["DeliverTimeouts"], {
            str(seconds): {
                "Duration": seconds * 800,
                "ReportsAge": seconds + 180,
                "RetriesAge": 900 + visibility[str(seconds)]["VisibilityTimeout"] + 180,
            }
            for seconds in parameters["DeliverTimeoutSeconds"]["AllowedValues"]
        })  # fmt: skip
        self.assertEqual(mappings["ReplayTimeouts"], {
            str(seconds): {"Duration": duration_of_one_that_stops_itself(seconds)}
            for seconds in parameters["ReplayTimeoutSeconds"]["AllowedValues"]
        })  # fmt: skip

    def test_the_alarm_on_cost_counts_all_functions(self) -> None:
        total, *metrics = self.alarms["InvocationsPerHour"]["Metrics"]
        self.assertRegex(total["Expression"], r"^SUM\(\[(FILL\(\w+, 0\)(, |\]\)$))+")
        summed = re.findall(r"FILL\((\w+), 0\)", total["Expression"])
        self.assertEqual([metric["Id"] for metric in metrics], summed)
        self.assertEqual(sorted(metric["Id"] for metric in metrics), sorted(FUNCTIONS))
        self.assertLessEqual(len(metrics), MOST_METRICS_OF_AN_ALARM)
        self.assertNotIn("ReturnData", total)
        for metric in metrics:
            self.assertIs(metric["ReturnData"], False)
            self.assertEqual(metric["MetricStat"]["Period"], 3600)
            (dimension,) = metric["MetricStat"]["Metric"]["Dimensions"]
            self.assertEqual(dimension["Value"], {"Ref": logical_id_of(metric["Id"])})

    def test_alarms_on_dynamodb_have_a_value_for_each_minute(self) -> None:
        """CloudWatch ignores missing data of this namespace, so an alarm on the metric itself would not end."""
        for name, alarm in self.alarms.items():
            self.assertNotEqual(alarm.get("Namespace"), "AWS/DynamoDB", name)
            if name.endswith("Throttles") and "Metrics" in alarm:
                filled, throttled = alarm["Metrics"]
                self.assertEqual(filled["Expression"], f"FILL({throttled['Id']}, 0)", name)

    def test_alarms_that_ministack_refuses_are_for_aws_only(self) -> None:
        resources = self.monitoring.parsed["Resources"]
        calculated = {name for name, alarm in self.alarms.items() if "Metrics" in alarm}
        self.assertEqual(calculated, {name for name in self.alarms if resources[name].get("Condition") == "IsOnAws"})
        of_local_cloud = {"Fn::Equals": [{"Ref": "AccountId"}, "000000000000"]}
        self.assertEqual(self.monitoring.parsed["Conditions"], {"IsOnAws": {"Fn::Not": [of_local_cloud]}})

    def test_each_alarm_has_a_runbook_and_each_runbook_an_alarm(self) -> None:
        anchors = set()
        for name, alarm in self.alarms.items():
            anchor = re.fullmatch(r"[A-Za-z].*[.] docs/operations[.]md#(alarm-[a-z]+)", alarm["AlarmDescription"])
            assert anchor, name
            anchors.add(anchor[1])
        headings = re.findall(r"^### (Alarm: .*)$", RUNBOOKS.read_text(), re.MULTILINE)
        self.assertEqual(len(set(headings)), len(headings))
        # As GitHub derives anchors from headings.
        self.assertEqual({re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-") for heading in headings}, anchors)


class Dashboard(OfMonitoring):
    def test_the_dashboard_shows_each_alarm(self) -> None:
        widgets = self.dashboard()["widgets"]
        (shown,) = (widget["properties"]["alarms"] for widget in widgets if widget["type"] == "alarm")
        self.assertEqual(sorted(shown), sorted(f"${{AlarmArn}}${{{name}}}" for name in self.alarms))
        self.assertLessEqual(len(shown), 100, "a widget shows no more")

    def test_widgets_do_not_overlap(self) -> None:
        occupied: set[tuple[int, int]] = set()
        for widget in self.dashboard()["widgets"]:
            x, y = widget["x"], widget["y"]
            self.assertLessEqual(x + widget["width"], COLUMNS_OF_A_DASHBOARD, widget)
            places = {(x + i, y + j) for i in range(widget["width"]) for j in range(widget["height"])}
            self.assertFalse(places & occupied, widget["properties"])
            occupied |= places

    def test_widgets_have_the_properties_of_their_type(self) -> None:
        for widget in self.dashboard()["widgets"]:
            match widget["type"]:
                case "metric":
                    needed = {"title", "region", "stat", "period", "metrics"}
                    self.assertEqual(widget["properties"]["region"], "${AWS::Region}")
                case "alarm":
                    needed = {"title", "alarms", "sortBy"}
                case "text":
                    needed = {"markdown"}
                case kind:
                    self.fail(kind)
            self.assertEqual(set(widget["properties"]), needed)

    def test_two_regions_have_two_dashboards(self) -> None:
        (dashboard,) = self.monitoring.resources(DASHBOARD).values()
        self.assertEqual(dashboard["DashboardName"], {"Fn::Sub": "${StackName}-${AWS::Region}"})


class Nesting(OfMonitoring):
    def test_the_stack_sets_all_parameters_of_the_nested_one(self) -> None:
        given, asked = self.nested["Parameters"], self.monitoring.parsed["Parameters"]
        self.assertEqual(set(given), set(asked))
        self.assertEqual(self.nested["TemplateURL"], MONITORING.name)
        for name, value in given.items():
            match value:
                case {"Ref": parameter} if name.endswith("Threshold"):
                    self.assertEqual(parameter, f"Alarm{name.removesuffix('Threshold')}")
                case {"Ref": "AWS::StackName" | "AWS::AccountId" as pseudo}:
                    self.assertEqual(name, pseudo.removeprefix("AWS::"))
                case {"Ref": resource}:
                    self.assertEqual(resource, name)
                case {"Fn::GetAtt": [resource, "QueueName"]}:
                    self.assertEqual(resource, name)
                case {"Fn::If": [condition, {"Ref": table}, _]}:
                    self.assertEqual((condition, table), (f"Makes{name}", name))
                case _:
                    self.fail(f"{name}: {value}")

    def test_the_outputs_name_the_alarms_that_stop_a_deployment(self) -> None:
        outputs = self.monitoring.parsed["Outputs"]
        for function in FUNCTIONS:
            name = f"{function.capitalize()}Errors"
            self.assertEqual(outputs[f"{name}Alarm"]["Value"], {"Ref": name})

    def test_monitoring_and_the_subscription_are_optional(self) -> None:
        monitoring = self.template.parsed["Resources"]["Monitoring"]
        self.assertEqual(monitoring["Condition"], "HasMonitoring")
        enabled = {"Fn::Equals": [{"Ref": "EnableMonitoring"}, "true"]}
        self.assertEqual(self.template.parsed["Conditions"]["HasMonitoring"], enabled)
        subscription = self.template.parsed["Resources"]["AlarmEmailSubscription"]
        self.assertEqual(subscription["Condition"], "HasAlarmEmail")
        self.assertEqual(name_of(subscription["Properties"]["TopicArn"]), "OperatorTopic")


def duration_of_one_that_stops_itself(seconds: int) -> int:
    """The threshold in milliseconds for replay and eraser, which stop 15 s before their timeout."""
    return max(seconds * 800, (seconds - 10) * 1000)
