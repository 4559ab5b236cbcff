//! The client-side development loop: Trunk serves this, and `/api` is a proxy to a running server.

fn main() {
    pilothouse_app::boot::mount();
}
