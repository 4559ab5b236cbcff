//! Configs with a history: a few revisions at the start, and another whenever the timeline says so.

use super::client::Registries;

/// A config and how its content depends on its revision.
struct Config {
    data_id: &'static str,
    group: &'static str,
    tenant: &'static str,
    kind: &'static str,
    description: &'static str,
    content: fn(u32) -> String,
}

/// Revisions a config has from the start.
const REVISIONS: u32 = 3;

const CONFIGS: [Config; 10] = [
    Config {
        data_id: "checkout-api.yaml",
        group: "DEFAULT_GROUP",
        tenant: "",
        kind: "yaml",
        description: "Checkout: timeouts and pools",
        content: |n| {
            format!(
                "server:\n  port: 8000\npayment:\n  timeout-ms: {}\n  retries: {}\npool:\n  max: {}\n",
                800 + 100 * (n % 5),
                1 + n % 3,
                24 + 4 * (n % 8)
            )
        },
    },
    Config {
        data_id: "checkout-api.yaml",
        group: "DEFAULT_GROUP",
        tenant: "prod",
        kind: "yaml",
        description: "Checkout in production",
        content: |n| {
            format!(
                "server:\n  port: 8000\npayment:\n  timeout-ms: {}\n  retries: 2\npool:\n  max: {}\n",
                1_000 + 50 * (n % 4),
                64 + 8 * (n % 6)
            )
        },
    },
    Config {
        data_id: "payment-gateway.properties",
        group: "PAYMENTS",
        tenant: "",
        kind: "properties",
        description: "Acquirers and limits",
        content: |n| {
            format!(
                "acquirer.primary=north\nacquirer.fallback=south\nlimit.per-minute={}\ncircuit.open-after={}\n",
                600 + 50 * n,
                5 + n % 4
            )
        },
    },
    Config {
        data_id: "pricing-rules.json",
        group: "DEFAULT_GROUP",
        tenant: "",
        kind: "json",
        description: "Rounding and discounts",
        content: |n| {
            format!("{{\n  \"rounding\": \"half-even\",\n  \"maxDiscountPercent\": {},\n  \"flashSale\": {}\n}}\n", 30 + n % 7, n % 2 == 0)
        },
    },
    Config {
        data_id: "feature-flags.json",
        group: "DEFAULT_GROUP",
        tenant: "",
        kind: "json",
        description: "Switches",
        content: |n| format!("{{\n  \"newCheckout\": {},\n  \"sharedCart\": true,\n  \"betaSearch\": {}\n}}\n", n % 3 != 0, n % 4 == 1),
    },
    Config {
        data_id: "search-api.toml",
        group: "DEFAULT_GROUP",
        tenant: "",
        kind: "toml",
        description: "Ranking",
        content: |n| format!("[ranking]\nfreshness = 0.{}\npopularity = 0.{}\n\n[index]\nshards = {}\n", 2 + n % 5, 3 + n % 4, 6 + n % 3),
    },
    Config {
        data_id: "gateway-routes.yaml",
        group: "DEFAULT_GROUP",
        tenant: "prod",
        kind: "yaml",
        description: "Routes of the web gateway",
        content: |n| {
            format!(
                "routes:\n  - path: /checkout\n    to: checkout-api\n    weight: {}\n  - path: /checkout\n    to: checkout-api-next\n    weight: {}\n",
                100 - 5 * (n % 6),
                5 * (n % 6)
            )
        },
    },
    Config {
        data_id: "logging.xml",
        group: "DEFAULT_GROUP",
        tenant: "",
        kind: "xml",
        description: "Log levels",
        content: |n| {
            format!(
                "<levels>\n  <root>info</root>\n  <logger name=\"orders\">{}</logger>\n</levels>\n",
                if n % 2 == 0 { "info" } else { "debug" }
            )
        },
    },
    Config {
        data_id: "rate-limits.properties",
        group: "DEFAULT_GROUP",
        tenant: "prod",
        kind: "properties",
        description: "Limits of partners",
        content: |n| format!("partner.default={}\npartner.gold={}\n", 100 + 10 * (n % 9), 1_000 + 100 * (n % 5)),
    },
    Config {
        data_id: "scaling-rule",
        group: "ELASTIC_GROUP",
        tenant: "",
        kind: "json",
        description: "When to grow",
        content: |n| {
            format!(
                "{{\n  \"service\": \"checkout-api\",\n  \"when\": \"cpu > {}%\",\n  \"for\": \"30s\",\n  \"then\": \"scale-up\"\n}}\n",
                70 + n % 3 * 5
            )
        },
    },
];

/// Publishes the demo's configs.
#[derive(Debug)]
pub(crate) struct Configs {
    registries: Registries,
    /// Which config is next, and the revision it gets.
    next: u32,
}

impl Configs {
    pub(crate) fn new(registries: Registries) -> Self {
        Self { registries, next: 0 }
    }

    /// Publishes what a registry does not have yet, a revision after the other.
    pub(crate) async fn publish_missing(&self) {
        for registry in 0..self.registries.len() {
            for config in &CONFIGS {
                if let Err(error) = self.publish_history(registry, config).await {
                    tracing::warn!(config = config.data_id, error = %error.without_url(), "a config could not be published");
                }
            }
        }
    }

    /// Publishes another revision of the next config, in the registry whose turn it is.
    pub(crate) async fn publish_next(&mut self) {
        let registry = self.next as usize % self.registries.len();
        let config = &CONFIGS[self.next as usize % CONFIGS.len()];
        let revision = REVISIONS + self.next / u32::try_from(CONFIGS.len()).unwrap_or(1) + 1;
        self.next += 1;
        if let Err(error) = self.publish(registry, config, revision).await {
            tracing::warn!(config = config.data_id, error = %error.without_url(), "a config could not be published");
        }
    }

    async fn publish_history(&self, registry: usize, config: &Config) -> reqwest::Result<()> {
        let name = [("dataId", config.data_id), ("group", config.group), ("tenant", config.tenant)];
        if self.registries.has_config(registry, &name).await? {
            return Ok(());
        }
        for revision in 1..=REVISIONS {
            self.publish(registry, config, revision).await?;
        }
        Ok(())
    }

    async fn publish(&self, registry: usize, config: &Config, revision: u32) -> reqwest::Result<()> {
        let content = (config.content)(revision);
        let form = [
            ("dataId", config.data_id),
            ("group", config.group),
            ("tenant", config.tenant),
            ("type", config.kind),
            ("desc", config.description),
            ("appName", "demo"),
            ("content", &content),
        ];
        if !self.registries.publish(registry, &form).await? {
            tracing::warn!(config = config.data_id, "a registry refused a config");
        }
        Ok(())
    }
}
