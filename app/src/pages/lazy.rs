//! The pages as the router takes them: each a WebAssembly module of its own, which the browser loads when it first goes there.
//!
//! The split points stand here and nowhere else: what only one page calls goes into that page's module, what several call into one
//! they share, and the rest stays in the main module. Only the feature `hydrate` splits; everywhere else a page is simply called.
//! It must never know what a page shows.

use leptos::prelude::*;
use leptos_router::LazyRoute;

/// A page, as far as loading it goes.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    Overview,
    Services,
    Service,
    Registries,
    Ledger,
}

#[cfg(any(feature = "ssr", feature = "hydrate"))]
impl Page {
    /// The page under a path below the base, as the routes have it; `None` where there is none.
    pub(crate) fn at(path: &str) -> Option<Self> {
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        match [segments.next(), segments.next(), segments.next()] {
            [None, ..] => Some(Self::Overview),
            [Some("services"), None, _] => Some(Self::Services),
            [Some("services"), Some(_), None] => Some(Self::Service),
            [Some("registries"), None, _] => Some(Self::Registries),
            [Some("ledger"), None, _] => Some(Self::Ledger),
            _ => None,
        }
    }
}

/// One page: its name in the manifest, which is that of its module, and how it is loaded and made.
macro_rules! page {
    ($page:ident, $name:ident, $make:ident, $load:ident) => {
        /// The route to the page of this name.
        pub(crate) struct $page;

        impl LazyRoute for $page {
            fn data() -> Self {
                Self
            }

            async fn view(_: Self) -> AnyView {
                #[cfg(feature = "hydrate")]
                return browser::or_leave($make()).await;
                #[cfg(not(feature = "hydrate"))]
                $make()
            }
        }

        #[cfg(feature = "hydrate")]
        #[wasm_split_helpers::wasm_split($name, preload($load), fallible)]
        fn $make() -> Result<AnyView, wasm_split_helpers::SplitLoaderError> {
            Ok(view! { <super::$name::$page /> }.into_any())
        }

        #[cfg(not(feature = "hydrate"))]
        fn $make() -> AnyView {
            view! { <super::$name::$page /> }.into_any()
        }
    };
}

page!(Overview, overview, make_overview, load_overview);
page!(Services, services, make_services, load_services);
page!(Service, service, make_service, load_service);
page!(Registries, registries, make_registries, load_registries);
page!(Ledger, ledger, make_ledger, load_ledger);

#[cfg(feature = "ssr")]
impl Page {
    /// Its name in the manifest.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Services => "services",
            Self::Service => "service",
            Self::Registries => "registries",
            Self::Ledger => "ledger",
        }
    }
}

#[cfg(feature = "hydrate")]
pub(crate) use browser::load;

#[cfg(feature = "hydrate")]
mod browser {
    //! Loading, and what happens when it fails: a network that is gone, or a server that has newer files since.

    use std::future::{Future, pending};

    use leptos::prelude::*;
    use leptos_router::hooks::use_location;
    use leptos_router::location::Location;
    use wasm_split_helpers::SplitLoaderError;

    use super::Page;

    /// Loads a page's module, so that the page can be hydrated without waiting.
    pub(crate) async fn load(page: Page) -> Result<(), SplitLoaderError> {
        match page {
            Page::Overview => super::load_overview().await,
            Page::Services => super::load_services().await,
            Page::Service => super::load_service().await,
            Page::Registries => super::load_registries().await,
            Page::Ledger => super::load_ledger().await,
        }
    }

    /// The page, or the same address as a new document: the server's own answer helps where a module cannot be had. The old page
    /// stays until the new document comes.
    pub(super) async fn or_leave(page: impl Future<Output = Result<AnyView, SplitLoaderError>>) -> AnyView {
        let Location { pathname, search, .. } = use_location();
        let address = move || match search.get_untracked() {
            search if search.is_empty() => pathname.get_untracked(),
            search => format!("{}?{search}", pathname.get_untracked()),
        };
        let wanted = address();
        match page.await {
            Ok(view) => view,
            Err(_) => {
                // Who has gone elsewhere meanwhile stays there. Without its fragment an address is always loaded anew.
                if address() == wanted {
                    let _ = window().location().assign(&wanted);
                }
                pending().await
            }
        }
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_its_page_and_nothing_else_has_one() {
        let cases = [
            ("", Some(Page::Overview)),
            ("/", Some(Page::Overview)),
            ("/services", Some(Page::Services)),
            ("/services/", Some(Page::Services)),
            ("/services/web~00ff", Some(Page::Service)),
            ("/services/web~00ff/more", None),
            ("/registries", Some(Page::Registries)),
            ("/ledger", Some(Page::Ledger)),
            ("/ledger/1", None),
            ("/nothing", None),
        ];
        for (path, page) in cases {
            assert_eq!(Page::at(path), page, "{path}");
        }
    }
}
