//! Writing on instances. In Consul the agent on the instance's node owns it, and corrects what others write to the catalog.
//!
//! So a write goes to the owning agent where that is one of the configured endpoints. A node without an agent (registered
//! by hand or by a synchroniser) is owned by nobody: there the catalog itself is written. Otherwise the agent is named.

use pilothouse_model::{InstanceEdit, InstanceKey};
use serde_json::json;

use super::client::Client;
use super::mapping::SERVICE_MAINTENANCE;
use super::wire::HealthRow;
use crate::RegistryError;
use crate::transport::{Ask, encode_segment};

impl Client {
    pub(super) async fn edit_instance(&self, key: &InstanceKey, edit: &InstanceEdit) -> Result<(), RegistryError> {
        if edit.weight.is_some() {
            return Err(RegistryError::Unsupported("changing a weight"));
        }
        if edit.metadata.is_some() {
            return Err(RegistryError::Unsupported("changing metadata"));
        }
        let Some(enabled) = edit.enabled else {
            return Err(RegistryError::Invalid { field: "edit", why: "nothing is to be changed".into() });
        };
        let row = self.instance_row(key).await?;
        if enabled && row.checks.iter().any(super::wire::Check::is_node_maintenance) {
            let why = format!("the whole node {} is in maintenance mode; its agent alone can end that", row.node.node);
            return Err(RegistryError::Invalid { field: "enabled", why });
        }
        match self.owner(&row).await? {
            Some(endpoint) => self.maintenance_by_agent(&row, endpoint, enabled).await,
            None if row.has_agent() => Err(RegistryError::Invalid {
                field: "enabled",
                why: format!(
                    "maintenance mode is set by the agent that owns the instance, on node {} ({}), and that is none of the configured endpoints",
                    row.node.node, row.node.address
                ),
            }),
            None => self.maintenance_in_catalog(key, &row, enabled).await,
        }
    }

    /// Through the owning agent it lasts. Through the catalog it lasts where no agent runs; a live agent registers again
    /// within a minute.
    pub(super) async fn deregister(&self, key: &InstanceKey) -> Result<(), RegistryError> {
        let row = self.instance_row(key).await?;
        let what = format!("the instance {}", key.instance);
        let ask = match self.owner(&row).await? {
            Some(endpoint) => Ask::put(format!("/v1/agent/service/deregister/{}", encode_segment(&row.service.id)), what).pinned(endpoint),
            None => {
                let body = json!({ "Datacenter": key.service.scope.namespace, "Node": row.node.node, "ServiceID": row.service.id });
                Ask::put("/v1/catalog/deregister", what).body("application/json", body.to_string())
            }
        };
        self.ask(ask, false).await.map(drop)
    }

    async fn instance_row(&self, key: &InstanceKey) -> Result<HealthRow, RegistryError> {
        let rows = self.health(key.service.scope.namespace.as_str(), &key.service.name).await?;
        let found = rows.into_iter().find(|row| row.local_id() == key.instance);
        found.ok_or_else(|| RegistryError::NotFound(format!("the instance {}", key.instance)))
    }

    /// The endpoint whose agent runs on the instance's node. An endpoint that does not answer, or does not tell, is not known
    /// to own anything.
    async fn owner(&self, row: &HealthRow) -> Result<Option<usize>, RegistryError> {
        if !row.has_agent() {
            return Ok(None);
        }
        for endpoint in 0..self.endpoints.len() {
            match self.agent_node(endpoint).await {
                Ok(node) if node == row.node.node => return Ok(Some(endpoint)),
                Ok(_) => {}
                Err(error) if error.is_transient() || matches!(error, RegistryError::Forbidden { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    async fn maintenance_by_agent(&self, row: &HealthRow, endpoint: usize, enabled: bool) -> Result<(), RegistryError> {
        let path = format!("/v1/agent/service/maintenance/{}", encode_segment(&row.service.id));
        let ask = Ask::put(path, format!("maintenance mode of {}", row.service.id))
            .query("enable", (!enabled).to_string())
            .query("reason", "set in Pilothouse")
            .pinned(endpoint);
        self.ask(ask, false).await.map(drop)
    }

    async fn maintenance_in_catalog(&self, key: &InstanceKey, row: &HealthRow, enabled: bool) -> Result<(), RegistryError> {
        let check = format!("{SERVICE_MAINTENANCE}{}", row.service.id);
        let (path, body) = if enabled {
            ("/v1/catalog/deregister", json!({ "Datacenter": key.service.scope.namespace, "Node": row.node.node, "CheckID": check }))
        } else {
            let check = json!({
                "Node": row.node.node, "CheckID": check, "Name": "Service Maintenance Mode", "Status": "critical",
                "Notes": "set in Pilothouse", "ServiceID": row.service.id,
            });
            let node = json!({
                "Datacenter": key.service.scope.namespace, "Node": row.node.node, "Address": row.node.address,
                "SkipNodeUpdate": true, "Check": check,
            });
            ("/v1/catalog/register", node)
        };
        let ask = Ask::put(path, format!("maintenance mode of {}", row.service.id)).body("application/json", body.to_string());
        self.ask(ask, false).await.map(drop)
    }
}
