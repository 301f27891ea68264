//! The tables of the template in a DynamoDB that runs inside the test.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, Projection, ProjectionType, ScalarAttributeType,
};
use aws_types::SdkConfig;
use aws_types::region::Region;
use dynoxide::Database;

use super::LogStream;
use crate::aws::dynamodb::{ConfigTable, DeliveriesTable};

/// Both tables. [`TestTables::start`] runs a DynamoDB of its own on a free port of 127.0.0.1, until
/// the test's runtime ends.
pub struct TestTables {
    /// A client of the DynamoDB.
    pub client: Client,
    database: Database,
}

/// An error while setting tables up.
pub type SetupError = Box<dyn std::error::Error + Send + Sync>;

/// The name of the table of accounts, keys, webhooks and subscriptions.
pub const CONFIG: &str = "Config";
/// The name of the table of deliveries.
pub const DELIVERIES: &str = "Deliveries";

impl TestTables {
    /// Starts a DynamoDB and creates both tables.
    pub async fn start() -> Result<Self, SetupError> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        // Accepted connections inherit this; without it every answer waits 40 ms for Nagle's
        // algorithm.
        socket.set_nodelay(true)?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let listener = socket.listen(128)?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let database = Database::memory()?;
        tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        Self::at(endpoint, database).await
    }

    /// Creates both tables in `database`, which answers at `endpoint`.
    pub async fn at(endpoint: String, database: Database) -> Result<Self, SetupError> {
        // Tests run concurrently, and must not fail on a busy machine.
        let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_mins(1)).build();
        let config = aws_sdk_dynamodb::config::Builder::from(&config_for(endpoint))
            .behavior_version(BehaviorVersion::latest())
            .timeout_config(timeouts)
            .build();
        let tables = Self { client: Client::from_conf(config), database };
        tables.create(CONFIG, &[]).await?;
        let indexes = [("undelivered", "sk"), ("undelivered_of", "undelivered_id")];
        tables.create(DELIVERIES, &indexes).await?;
        Ok(tables)
    }

    /// The table of accounts, keys, webhooks and subscriptions.
    pub fn config(&self) -> ConfigTable {
        ConfigTable::new(self.client.clone(), CONFIG.to_owned())
    }

    /// The table of deliveries.
    pub fn deliveries(&self) -> DeliveriesTable {
        DeliveriesTable::new(self.client.clone(), DELIVERIES.to_owned())
    }

    /// The changes of the deliveries from now on. Call this once.
    pub fn log_stream(&self) -> Result<LogStream, SetupError> {
        LogStream::start(&self.database)
    }

    /// Removes an attribute from an item, for example to make the item unreadable.
    pub async fn remove_attribute(
        &self,
        table: &str,
        pk: &str,
        sk: &str,
        attribute: &str,
    ) -> Result<(), SetupError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        self.client
            .update_item()
            .table_name(table)
            .key("pk", text(pk))
            .key("sk", text(sk))
            .update_expression("REMOVE #spoilt")
            .condition_expression("attribute_exists(#spoilt)")
            .expression_attribute_names("#spoilt", attribute)
            .send()
            .await?;
        Ok(())
    }

    /// Creates a table; `indexes` names its sparse indexes, each after its partition key, and their
    /// sort keys.
    async fn create(&self, name: &str, indexes: &[(&str, &str)]) -> Result<(), SetupError> {
        let mut request =
            self.client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
        let index_keys = indexes.iter().flat_map(|(partition, sort)| [*partition, *sort]);
        for attribute in ["pk", "sk"].into_iter().chain(index_keys.filter(|name| *name != "sk")) {
            let definition = AttributeDefinition::builder()
                .attribute_name(attribute)
                .attribute_type(ScalarAttributeType::S);
            request = request.attribute_definitions(definition.build()?);
        }
        for key in keys("pk", "sk")? {
            request = request.key_schema(key);
        }
        for (partition, sort) in indexes {
            let projection = Projection::builder()
                .projection_type(ProjectionType::Include)
                .non_key_attributes("status");
            let index = GlobalSecondaryIndex::builder()
                .index_name(*partition)
                .set_key_schema(Some(keys(partition, sort)?))
                .projection(projection.build());
            request = request.global_secondary_indexes(index.build()?);
        }
        request.send().await?;
        Ok(())
    }
}

fn keys(partition: &str, sort: &str) -> Result<Vec<KeySchemaElement>, SetupError> {
    let key = |attribute, kind| {
        KeySchemaElement::builder().attribute_name(attribute).key_type(kind).build()
    };
    Ok(vec![key(partition, KeyType::Hash)?, key(sort, KeyType::Range)?])
}

/// A table that is unreachable: nothing listens on its port.
pub fn unreachable_config_table() -> ConfigTable {
    let config = config_for("http://127.0.0.1:9".to_owned());
    ConfigTable::new(crate::aws::dynamodb::no_retry_client(&config), CONFIG.to_owned())
}

fn config_for(endpoint: String) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    crate::aws::client::sdk_config(Region::from_static("us-east-1"), credentials, Some(endpoint))
}
