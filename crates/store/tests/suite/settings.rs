//! Settings: typed, replaced, kept.

use pilothouse_store::{Setting, StoreError};

use crate::databases::Databases;

pub(crate) async fn values_are_typed_and_replaced(databases: Databases) {
    const NAMES: Setting<Vec<String>> = Setting::named("names");
    const WRONG: Setting<u32> = Setting::named("names");
    let store = databases.store().await;
    assert_eq!(store.setting(NAMES).await.unwrap(), None);
    store.set(NAMES, &vec!["a".into()]).await.unwrap();
    store.set(NAMES, &vec!["b \u{0} 🚢".into()]).await.unwrap();
    assert_eq!(store.setting(NAMES).await.unwrap(), Some(vec!["b \u{0} 🚢".into()]));
    assert!(matches!(store.setting(WRONG).await, Err(StoreError::Failed(_))));
}
