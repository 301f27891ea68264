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
use crate::dynamodb::{ConfigTable, DeliveriesTable};

/// Both tables, of which [`TestTables::start`] has a DynamoDB of its own on a free port of 127.0.0.1,
/// gone with the test's runtime.
pub struct TestTables {
    /// A client of it.
    pub client: Client,
    database: Database,
}

/// Why the tables could not be made.
pub type SetupError = Box<dyn std::error::Error + Send + Sync>;

/// The names of the tables.
pub const CONFIG: &str = "Config";
/// See [`CONFIG`].
pub const DELIVERIES: &str = "Deliveries";

impl TestTables {
    /// Starts it and makes both tables.
    pub async fn start() -> Result<Self, SetupError> {
        let socket = tokio::net::TcpSocket::new_v4()?;
        // Its connections inherit this; without it every answer waits 40 ms for Nagle.
        socket.set_nodelay(true)?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let listener = socket.listen(128)?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let database = Database::memory()?;
        tokio::spawn(dynoxide::server::serve_on(listener, database.clone()));
        Self::at(endpoint, database).await
    }

    /// Makes both tables in `database`, which answers at `endpoint`.
    pub async fn at(endpoint: String, database: Database) -> Result<Self, SetupError> {
        // Tests run beside each other, and must not fail because the machine has much to do.
        let patience = TimeoutConfig::builder().operation_timeout(Duration::from_mins(1)).build();
        let config = aws_sdk_dynamodb::config::Builder::from(&config_for(endpoint))
            .behavior_version(BehaviorVersion::latest())
            .timeout_config(patience)
            .build();
        let tables = Self { client: Client::from_conf(config), database };
        tables.create(CONFIG, &[]).await?;
        let of_deliveries = [("undelivered", "sk"), ("undelivered_of", "undelivered_id")];
        tables.create(DELIVERIES, &of_deliveries).await?;
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

    /// The changes of the deliveries from now on. To be asked for once.
    pub fn log_stream(&self) -> Result<LogStream, SetupError> {
        LogStream::start(&self.database)
    }

    /// Takes an attribute out of an item, so that the item cannot be read.
    pub async fn spoil(
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

    /// Makes a table; `sparse` names its indexes, each after the attribute that puts an item into it,
    /// and their sort keys.
    async fn create(&self, name: &str, sparse: &[(&str, &str)]) -> Result<(), SetupError> {
        let mut request =
            self.client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
        let of_indexes = sparse.iter().flat_map(|(partition, sort)| [*partition, *sort]);
        for attribute in ["pk", "sk"].into_iter().chain(of_indexes.filter(|name| *name != "sk")) {
            let definition = AttributeDefinition::builder()
                .attribute_name(attribute)
                .attribute_type(ScalarAttributeType::S);
            request = request.attribute_definitions(definition.build()?);
        }
        for key in keys("pk", "sk")? {
            request = request.key_schema(key);
        }
        for (partition, sort) in sparse {
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

/// A table that cannot be reached: nothing listens on its port.
pub fn unreachable_config_table() -> ConfigTable {
    let config = config_for("http://127.0.0.1:9".to_owned());
    ConfigTable::new(crate::dynamodb::no_retry_client(&config), CONFIG.to_owned())
}

fn config_for(endpoint: String) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    crate::aws::sdk_config(Region::from_static("us-east-1"), credentials, Some(endpoint))
}
