//! `pilothouse backup`.

use anyhow::Context;
use pilothouse_store::{Store, StoreConfig};

use super::say;
use crate::cli::BackupArgs;
use crate::settings;

/// Copies the store while the console runs.
pub(crate) async fn run(args: &BackupArgs) -> anyhow::Result<()> {
    let settings = settings::load(args.config.path().as_deref(), std::env::vars())?;
    let url = crate::connect::store_url(&settings.store, &args.data_dir).context("store.url")?;
    let store = Store::open(StoreConfig::at(url)).await?;
    store.backup(&args.to).await?;
    store.close().await;
    say(format_args!("written: {}", args.to.display()));
    Ok(())
}
