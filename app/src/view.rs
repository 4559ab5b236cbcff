//! The one type of the views of this app.

/// `view!` of Leptos, whose result is an [`AnyView`](leptos::prelude::AnyView). Views of other types would each bring the code that
/// builds, hydrates and updates them into the browser bundle once more.
macro_rules! view {
    ($($view:tt)*) => {
        leptos::prelude::IntoAny::into_any(leptos::prelude::view! { $($view)* }.into_inner())
    };
}

pub(crate) use view;
