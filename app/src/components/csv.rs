//! Rows as CSV, and the download of them.

/// RFC 4180, with a byte order mark for spreadsheets. A cell that a spreadsheet would run as a formula is quoted with `'`: names
/// and metadata come from whoever registered.
pub(crate) fn csv<'a>(head: &[&str], rows: impl IntoIterator<Item = Vec<std::borrow::Cow<'a, str>>>) -> String {
    let mut text = String::from('\u{feff}');
    line(&mut text, head.iter().copied());
    for row in rows {
        line(&mut text, row.iter().map(AsRef::as_ref));
    }
    text
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        let formula = cell.starts_with(['=', '+', '-', '@', '\t']) && cell.parse::<f64>().is_err();
        if formula || cell.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(if formula { "'" } else { "" });
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

/// Hands a text to the browser as a file. Does nothing on the server, where nobody clicks.
pub(crate) fn download(name: &str, text: &str) {
    #[cfg(feature = "browser")]
    let _ = browser::download(name, text);
    #[cfg(not(feature = "browser"))]
    let _ = (name, text);
}

#[cfg(feature = "browser")]
mod browser {
    use leptos::prelude::document;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

    /// An anchor that is clicked and forgotten: the one way to name a download.
    pub(super) fn download(name: &str, text: &str) -> Result<(), JsValue> {
        let parts = js_sys::Array::of1(&text.into());
        let options = BlobPropertyBag::new();
        options.set_type("text/csv;charset=utf-8");
        let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&parts, &options)?)?;
        let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
        Url::revoke_object_url(&url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_only_where_they_must() {
        for (cell, quoted) in [
            ("checkout-api", "checkout-api"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("-1.5", "-1.5"),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("@cmd", "\"'@cmd\""),
            ("two\nlines", "\"two\nlines\""),
            ("订单", "订单"),
        ] {
            assert_eq!(csv(&["name"], [vec![cell.into()]]), format!("\u{feff}name\r\n{quoted}\r\n"));
        }
    }
}
