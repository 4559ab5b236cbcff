//! The conditions of a query, in SQL.

use pilothouse_api::{LedgerQuery, LedgerShow};
use pilothouse_console::ports::StoreError;
use pilothouse_model::Millis;

use super::cursor::Cursor;
use crate::sql::{Sql, storable};

/// Longest text looked for, in characters.
const MAX_TEXT: usize = 200;
const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 500;

/// A query whose values were checked.
pub(super) struct Filter<'a> {
    query: &'a LedgerQuery,
    host: Option<String>,
    /// A `LIKE` pattern in lower case.
    pattern: Option<String>,
    /// Where the page starts.
    pub(super) cursor: Option<Cursor>,
    /// Rows of a page.
    pub(super) limit: u32,
}

impl<'a> Filter<'a> {
    pub(super) fn of(query: &'a LedgerQuery) -> Result<Self, StoreError> {
        let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(StoreError::Invalid { field: "limit", why: format!("1 to {MAX_LIMIT} are allowed") });
        }
        let text = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if text.is_some_and(|text| text.chars().count() > MAX_TEXT) {
            return Err(StoreError::Invalid { field: "text", why: format!("at most {MAX_TEXT} characters are allowed") });
        }
        Ok(Self {
            query,
            host: query.host.as_deref().map(storable),
            pattern: text.map(|text| contains(&storable(&text.to_lowercase()))),
            cursor: query.cursor.as_deref().map(str::parse).transpose()?,
            limit,
        })
    }

    /// The transitions let through, as the end of a `SELECT`; behind the cursor, when one is given.
    pub(super) fn transitions(&self, sql: &mut Sql, behind: Option<Cursor>) {
        self.span(sql, " FROM transitions WHERE moment");
        self.moment_below(sql, " AND moment < ");
        if let Some(service) = self.query.service {
            sql.push(" AND service = ").bind(service.0.to_i64());
        }
        if let Some(registry) = &self.query.registry {
            sql.push(" AND registry = ").bind(registry.as_str());
        }
        if let Some(host) = &self.host {
            sql.push(" AND host = ").bind(host.as_str());
        }
        if let Some(to) = self.query.to {
            sql.push(" AND to_state = ").bind(to.slug());
        }
        if self.query.show == LedgerShow::Edits {
            // Written out, not bound: the index over edits is recognised by this text.
            sql.push(" AND edited = 1");
        }
        if let Some(pattern) = &self.pattern {
            sql.push(" AND searched LIKE ").bind(pattern.as_str()).push(" ESCAPE '\\'");
        }
        if let Some(Cursor { moment, id }) = behind {
            sql.push(" AND (moment, id) < ").list([moment, id]);
        }
    }

    /// Whether rows are asked for as changes of liveness, and not as what persons did.
    pub(super) fn counts_transitions(&self) -> bool {
        self.query.show == LedgerShow::Transitions
    }

    /// The facts let through. Facts know of registry and service; what other filters ask for only transitions have.
    pub(super) fn facts(&self, sql: &mut Sql) {
        self.span(sql, " FROM facts WHERE seen");
        self.moment_below(sql, " AND seen < ");
        if let Some(registry) = &self.query.registry {
            sql.push(" AND registry = ").bind(registry.as_str());
        }
        if let Some(service) = self.query.service {
            sql.push(" AND service = ").bind(service.0.to_i64());
        }
    }

    fn span(&self, sql: &mut Sql, column: &'static str) {
        sql.push(column).push(" >= ").bind(self.query.since.unwrap_or(Millis(i64::MIN)).0);
    }

    fn moment_below(&self, sql: &mut Sql, condition: &'static str) {
        if let Some(until) = self.query.until {
            sql.push(condition).bind(until.0);
        }
    }
}

/// The pattern of texts that contain this one.
fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_values_name_their_field() {
        let long = "x".repeat(201);
        for (query, field) in [
            (LedgerQuery { limit: Some(0), ..Default::default() }, "limit"),
            (LedgerQuery { limit: Some(501), ..Default::default() }, "limit"),
            (LedgerQuery { cursor: Some("x".into()), ..Default::default() }, "cursor"),
            (LedgerQuery { text: Some(long), ..Default::default() }, "text"),
        ] {
            let Err(StoreError::Invalid { field: named, .. }) = Filter::of(&query) else { panic!("{field} is let through") };
            assert_eq!(named, field);
        }
    }

    #[test]
    fn wildcards_mean_themselves() {
        assert_eq!(contains(r"50%_a\b"), r"%50\%\_a\\b%");
    }
}
