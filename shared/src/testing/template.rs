//! Templates of `CloudFormation` as JSON, with intrinsic functions in their long form.

use saphyr::{LoadableYamlNode as _, Mapping, Scalar, Yaml};
use serde_json::{Map, Value};

/// Parses a template. A tag becomes an object with one key: `!Ref X` is `{"Ref": "X"}`, and `!Sub x` is
/// `{"Fn::Sub": "x"}`.
///
/// # Panics
///
/// If the text is not one YAML document whose mapping keys are strings.
#[expect(clippy::expect_used, reason = "for tests")]
pub fn parse(text: &str) -> Value {
    let documents = Yaml::load_from_str(text).expect("a template is YAML");
    value(documents.first().expect("a template is a document"))
}

/// The resources of a template that have this type, with their names.
///
/// # Panics
///
/// As [`parse`] does.
pub fn resources(text: &str, kind: &str) -> Vec<(String, Value)> {
    let mut template = parse(text);
    let resources = template.get_mut("Resources").map(Value::take);
    let Some(Value::Object(resources)) = resources else { return Vec::new() };
    resources
        .into_iter()
        .filter(|(_, resource)| resource.get("Type").is_some_and(|found| found == kind))
        .collect()
}

#[expect(clippy::panic, reason = "for tests")]
fn value(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => (*value).into(),
        Yaml::Value(Scalar::Integer(value)) => (*value).into(),
        Yaml::Value(Scalar::FloatingPoint(value)) => value.into_inner().into(),
        Yaml::Value(Scalar::String(value)) => value.as_ref().into(),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(fields) => Value::Object(object(fields)),
        Yaml::Tagged(tag, node) => {
            let function = match tag.suffix.as_str() {
                short @ ("Ref" | "Condition") => short.to_owned(),
                short => format!("Fn::{short}"),
            };
            Value::Object(Map::from_iter([(function, value(node))]))
        }
        other => panic!("a template holds no {other:?}"),
    }
}

#[expect(clippy::expect_used, reason = "for tests")]
fn object(fields: &Mapping<'_>) -> Map<String, Value> {
    let key = |key: &Yaml<'_>| key.as_str().expect("keys are strings").to_owned();
    fields.iter().map(|(name, node)| (key(name), value(node))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_become_the_long_form_of_intrinsic_functions() {
        let template = "
Resources:
  Route: # a comment
    Type: AWS::ApiGatewayV2::Route
    Properties:
      RouteKey: 'GET /v1/{id}'

      Target: !Sub \"integrations/${X}\"
      ApiId: !If [IsOnAws, !Ref Api, !GetAtt Other.Id]
      Enabled: true
  Topic: {Type: 'AWS::SNS::Topic', Properties: {Name: !Condition IsOnAws, Count: 7}}
";
        let route = json!({
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "RouteKey": "GET /v1/{id}",
                "Target": {"Fn::Sub": "integrations/${X}"},
                "ApiId": {"Fn::If": ["IsOnAws", {"Ref": "Api"}, {"Fn::GetAtt": "Other.Id"}]},
                "Enabled": true,
            },
        });
        let routes = resources(template, "AWS::ApiGatewayV2::Route");
        assert_eq!(routes, [("Route".to_owned(), route)]);
        let topic = json!({"Name": {"Condition": "IsOnAws"}, "Count": 7});
        assert_eq!(parse(template)["Resources"]["Topic"]["Properties"], topic);
    }
}
