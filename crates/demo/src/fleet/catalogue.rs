//! The names of a shop's services.

/// A kind of service: its name, the group it registers in, the team that runs it and its share of the instances.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) group: &'static str,
    pub(super) team: &'static str,
    pub(super) share: usize,
}

const DEFAULT: &str = "DEFAULT_GROUP";

const fn kind(name: &'static str, group: &'static str, team: &'static str, share: usize) -> Kind {
    Kind { name, group, team, share }
}

/// How many of the first kinds are in every registry; of these the last one disagrees.
pub(super) const IN_ALL: usize = 4;

pub(super) const KINDS: [Kind; 40] = [
    kind("checkout-api", DEFAULT, "orders", 6),
    kind("payment-gateway", "PAYMENTS", "payments", 6),
    kind("cart-svc", DEFAULT, "orders", 4),
    kind("pricing-engine", DEFAULT, "pricing", 6),
    kind("web-gateway", DEFAULT, "edge", 4),
    kind("mobile-gateway", DEFAULT, "edge", 3),
    kind("order-api", DEFAULT, "orders", 4),
    kind("inventory-svc", DEFAULT, "stock", 4),
    kind("search-api", DEFAULT, "search", 4),
    kind("search-indexer", DEFAULT, "search", 2),
    kind("user-api", DEFAULT, "identity", 3),
    kind("session-svc", DEFAULT, "identity", 3),
    kind("auth-api", DEFAULT, "identity", 3),
    kind("review-svc", DEFAULT, "content", 2),
    kind("catalog-api", DEFAULT, "content", 3),
    kind("media-svc", DEFAULT, "content", 2),
    kind("recommendation-engine", DEFAULT, "search", 3),
    kind("promotion-svc", DEFAULT, "pricing", 2),
    kind("coupon-api", DEFAULT, "pricing", 2),
    kind("tax-svc", "PAYMENTS", "payments", 2),
    kind("ledger-svc", "PAYMENTS", "payments", 2),
    kind("refund-worker", "PAYMENTS", "payments", 1),
    kind("fraud-scorer", "PAYMENTS", "payments", 2),
    kind("invoice-api", "PAYMENTS", "payments", 1),
    kind("shipping-api", DEFAULT, "logistics", 2),
    kind("tracking-svc", DEFAULT, "logistics", 2),
    kind("warehouse-svc", DEFAULT, "stock", 2),
    kind("supplier-api", DEFAULT, "stock", 1),
    kind("notification-svc", DEFAULT, "messaging", 2),
    kind("mail-worker", DEFAULT, "messaging", 1),
    kind("sms-gateway", DEFAULT, "messaging", 1),
    kind("push-gateway", DEFAULT, "messaging", 1),
    kind("partner-api", DEFAULT, "edge", 2),
    kind("webhook-relay", DEFAULT, "edge", 1),
    kind("feature-flags", DEFAULT, "platform", 2),
    kind("audit-sink", DEFAULT, "platform", 1),
    kind("metrics-relay", DEFAULT, "platform", 1),
    kind("scheduler", DEFAULT, "platform", 1),
    kind("report-builder", DEFAULT, "insight", 1),
    kind("event-router", DEFAULT, "insight", 2),
];
