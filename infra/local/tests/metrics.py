"""The metrics of AWS that infra/monitoring.yaml uses, as AWS documents them, and Callhook's own.

CloudWatch accepts an alarm or a graph on a metric that does not exist, which then never has data.
"""

import re
from dataclasses import dataclass

from local.functions import FUNCTIONS
from local.settings import ROOT

COUNTS = frozenset({"Sum"})
LEVELS = frozenset({"Maximum"})
TIMES = frozenset({"p50", "p90", "p99", "Maximum"})


@dataclass(frozen=True)
class Metric:
    dimensions: frozenset[frozenset[str]]
    """The sets of dimensions of the metric."""
    statistics: frozenset[str]
    """The statistics that are useful for it."""


def metric(statistics: frozenset[str], *dimensions: str) -> Metric:
    """Each of `dimensions` is one set, its names with spaces between."""
    return Metric(frozenset(frozenset(names.split()) for names in dimensions), statistics)


# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
SQS = {
    "ApproximateAgeOfOldestMessage": metric(LEVELS, "QueueName"),
    "ApproximateNumberOfMessagesDelayed": metric(LEVELS, "QueueName"),
    "ApproximateNumberOfMessagesNotVisible": metric(LEVELS, "QueueName"),
    "ApproximateNumberOfMessagesVisible": metric(LEVELS, "QueueName"),
}
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html and, for the last one,
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html
# By function, also by version and alias, and without dimensions for all functions of an account.
LAMBDA = {
    "Invocations": metric(COUNTS, "FunctionName", ""),
    "Errors": metric(COUNTS, "FunctionName", ""),
    "Throttles": metric(COUNTS, "FunctionName", ""),
    "Duration": metric(TIMES, "FunctionName", ""),
    "IteratorAge": metric(LEVELS, "FunctionName"),
    "ConcurrentExecutions": metric(LEVELS, "FunctionName", ""),
    "ClaimedAccountConcurrency": metric(LEVELS, ""),
}
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
API_GATEWAY = {
    "Count": metric(COUNTS, "ApiId", "ApiId Stage"),
    "4xx": metric(COUNTS, "ApiId", "ApiId Stage"),
    "5xx": metric(COUNTS, "ApiId", "ApiId Stage"),
    "Latency": metric(TIMES, "ApiId", "ApiId Stage"),
}
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
DYNAMODB = {
    "ConsumedReadCapacityUnits": metric(COUNTS, "TableName", "TableName GlobalSecondaryIndexName"),
    "ConsumedWriteCapacityUnits": metric(COUNTS, "TableName", "TableName GlobalSecondaryIndexName"),
    "ReadThrottleEvents": metric(COUNTS, "TableName", "TableName GlobalSecondaryIndexName"),
    "WriteThrottleEvents": metric(COUNTS, "TableName", "TableName GlobalSecondaryIndexName"),
    "SystemErrors": metric(COUNTS, "TableName Operation"),
}
BY_NAMESPACE = {"AWS/SQS": SQS, "AWS/Lambda": LAMBDA, "AWS/ApiGateway": API_GATEWAY, "AWS/DynamoDB": DYNAMODB}

OWN_NAMESPACE = "Callhook/${StackName}"
OWN_PAGE = ROOT / "docs" / "metrics.md"
STATISTICS = {"Count": COUNTS, "Milliseconds": TIMES}
EACH_FUNCTION = "each function"


def own_metrics() -> dict[tuple[str, str], Metric]:
    """Callhook's metrics by function and name, from docs/metrics.md, which a test compares with the code."""
    row = re.compile(r"^\| `(\w+)` \| ([\w ]+) \| (\w+) \| ([`\w, ]+) \|", re.MULTILINE)
    return {
        (function, name): metric(STATISTICS[unit], dimensions.replace("`", "").replace(",", ""))
        for name, service, unit, dimensions in row.findall(OWN_PAGE.read_text())
        for function in (FUNCTIONS if service == EACH_FUNCTION else (service,))
    }
