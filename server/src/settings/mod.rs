//! Settings: a TOML file, environment over file, secrets by reference.

mod environment;
mod load;
mod secret;
mod shape;
mod validate;

pub(crate) use load::{SettingsError, load};
pub(crate) use secret::{SecretError, SecretRef};
pub(crate) use shape::{LogFormat, RegistrySettings, Settings, StoreSettings};
