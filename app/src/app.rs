//! The app: what is in context of every view, and which page stands under which path.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{Lazy, path};

use crate::boot::Boot;
use crate::chosen::Chosen;
use crate::components::sprite;
use crate::live::Live;
use crate::pages;
use crate::shell::Shell;

/// The whole app. Needs a [`Boot`] in context, and on the server a [`crate::data::PageSource`].
#[component]
pub fn App() -> impl IntoView {
    let boot = expect_context::<Boot>();
    provide_meta_context();
    provide_context(Chosen::new(boot.preferences));
    let live = Live::new(&boot);
    provide_context(live);
    Effect::new({
        let boot = boot.clone();
        move |_| live.start(&boot)
    });
    view! {
        {sprite()}
        <Router base=boot.base>
            <Shell>
                <FlatRoutes fallback=|| view! { <pages::Missing /> }>
                    <Route path=path!("/") view={Lazy::<pages::Overview>::new()} />
                    <Route path=path!("/services") view={Lazy::<pages::Services>::new()} />
                    <Route path=path!("/services/:service") view={Lazy::<pages::Service>::new()} />
                    <Route path=path!("/registries") view={Lazy::<pages::Registries>::new()} />
                    <Route path=path!("/ledger") view={Lazy::<pages::Ledger>::new()} />
                </FlatRoutes>
            </Shell>
        </Router>
    }
}
