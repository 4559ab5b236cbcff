//! The HTML document around the app: complete without JavaScript, and strict about what may run.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use leptos_router::location::RequestUrl;

use super::Boot;
use crate::App;
use crate::pages::Page;

/// The whole document. `boot` must be in context as well, since [`App`] reads it there.
pub fn shell(boot: Boot) -> impl IntoView {
    let Boot { base, assets, preferences, .. } = &boot;
    let url = |path: &str| format!("{base}{path}");
    let (script, wasm) = (url(&assets.script), url(&assets.wasm));
    let start =
        format!("import init, {{ hydrate }} from {};await init({{ module_or_path: {} }});hydrate();", in_script(&script), in_script(&wasm));
    let fonts =
        assets.fonts.iter().map(|font| view! { <link rel="preload" r#as="font" r#type="font/woff2" crossorigin="" href=url(font) /> });
    let loader = (!assets.loader.is_empty()).then(|| view! { <link rel="modulepreload" nonce=use_nonce() href=url(&assets.loader) /> });
    // The page's own modules too, or the browser would learn of them only once the main one runs.
    let page = use_context::<RequestUrl>().and_then(|asked| page_at(base, &asked));
    let chunks = page.and_then(|page| assets.chunks.get(page.name())).into_iter().flatten().map(|chunk| preload_wasm(url(chunk)));
    let icon = (!assets.icon.is_empty()).then(|| view! { <link rel="icon" r#type="image/svg+xml" href=url(&assets.icon) /> });
    view! {
        <!DOCTYPE html>
        <html lang=preferences.lang.tag() data-theme=preferences.theme.attribute() data-density=preferences.density.attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="dark light" />
                <meta name="referrer" content="same-origin" />
                {icon}
                <link rel="stylesheet" nonce=use_nonce() href=url(&assets.style) />
                {fonts.collect_view()}
                <link rel="modulepreload" nonce=use_nonce() href=script />
                {loader}
                {preload_wasm(wasm)}
                {chunks.collect_view()}
                <MetaTags />
                <script type="application/json" id="boot" inner_html=in_script(&boot)></script>
                <script type="module" nonce=use_nonce() inner_html=start></script>
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

fn preload_wasm(url: String) -> impl IntoView {
    view! { <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="" href=url /> }
}

/// The page that a request asked for.
fn page_at(base: &str, asked: &RequestUrl) -> Option<Page> {
    Page::at(asked.parse().ok()?.path().strip_prefix(base)?)
}

/// The policy every page is served with, for the header of the same name.
#[must_use]
pub fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-inline'; connect-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// JSON that may stand inside a `<script>`: no `<` can end it.
fn in_script(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("strings and structs of plain fields always encode").replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_leave_its_script() {
        assert_eq!(in_script(&"</script><!--"), r#""\u003c/script>\u003c!--""#);
    }

    #[test]
    fn a_page_is_known_below_the_base_path() {
        let cases = [
            ("", "/", Some(Page::Overview)),
            ("", "http://leptos.dev/ledger", Some(Page::Ledger)),
            ("", "/ledger?last=60", Some(Page::Ledger)),
            ("/ops", "/ops/", Some(Page::Overview)),
            ("/ops", "/ops/services/web~00ff", Some(Page::Service)),
            ("/ops", "/services", None),
        ];
        for (base, asked, page) in cases {
            assert_eq!(page_at(base, &RequestUrl::new(asked)), page, "{base} {asked}");
        }
    }

    #[test]
    fn the_policy_names_the_nonce_twice() {
        assert_eq!(content_security_policy("abc").matches("'nonce-abc'").count(), 2);
    }
}
