//! Pages over configs.

use serde::Serialize;

use super::names::{sent, tenant};
use crate::config::{Search, SearchPage};
use crate::http::App;
use crate::http::answer::data;
use crate::http::call::Call;
use crate::http::check::number;
use crate::http::plane::{Outcome, Plane};
use crate::http::refusal::{Asked, Refusal};

/// The most configs on a page.
const MAX_PAGE: usize = 500;

pub(super) async fn search(app: App, call: Call, plane: Plane) -> Outcome {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Item<'a> {
        id: String,
        data_id: &'a str,
        group: &'a str,
        content: &'a str,
        md5: Option<()>,
        encrypted_data_key: Option<&'static str>,
        tenant: &'a str,
        app_name: &'a str,
        r#type: Option<&'a str>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Page<'a> {
        total_count: usize,
        page_number: usize,
        pages_available: usize,
        page_items: Vec<Item<'a>>,
    }
    let required = |name| sent(&call, name, Asked::Framework);
    let (data_id, group) = (required("dataId")?, required("group")?);
    let tags = call.text("config_tags");
    let content = if plane.is_v2() { required("config_detail")? } else { "" };
    let page_of = |name| {
        let number = number(&call, name, "int")?.ok_or(Refusal::Missing { name, java: "int", asked: Asked::Framework })?;
        usize::try_from(number).ok().filter(|number| *number > 0).ok_or_else(|| {
            Refusal::Invalid(format!(
                "serialize page error, dataId={data_id}, group={group};caused: pageNo and pageSize must be greater than zero"
            ))
        })
    };
    let blur = call.get("search") == Some("blur");
    let search = Search {
        tenant: tenant(&call, plane)?,
        data_id,
        group,
        app: call.text("appName"),
        tags,
        kinds: call.text("types"),
        content,
        blur,
        page: page_of("pageNo")?,
        size: page_of("pageSize")?.min(MAX_PAGE),
    };
    let configs = app.core.configs.read();
    let SearchPage { total, pages, items } = configs.search(&search);
    let by_tag = !tags.is_empty();
    let page_items = items
        .into_iter()
        .map(|item| Item {
            id: item.id.to_string(),
            data_id: &item.key.data_id,
            group: &item.key.group,
            content: &item.content,
            md5: None,
            encrypted_data_key: (blur && !by_tag).then_some(""),
            tenant: &item.key.tenant,
            app_name: &item.app,
            r#type: (blur || !by_tag).then_some(item.kind.as_str()),
        })
        .collect();
    Ok(data(plane, &Page { total_count: total, page_number: search.page, pages_available: pages, page_items }))
}
