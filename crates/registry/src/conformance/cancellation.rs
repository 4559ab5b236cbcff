//! Every future and stream may be dropped at any await.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use futures::StreamExt;
use pilothouse_model::Expected;

use super::{Fixture, Sample, Watcher};
use crate::{Registry, RegistryError};

/// Polls a future until it has waited `waits` times, then drops it. `Some`: it was done before.
pub async fn give_up_after<F: Future>(waits: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut waited = 0;
    std::future::poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if waited >= waits => Poll::Ready(None),
        Poll::Pending => {
            waited += 1;
            Poll::Pending
        }
    })
    .await
}

pub(super) async fn anything_may_be_given_up(registry: &Arc<dyn Registry>, fixture: &dyn Fixture) {
    let (service, sample, config) = (fixture.service("given-up"), Sample::nth(7), fixture.config("given-up"));
    fixture.register(&service.name, &sample).await;
    let configs = registry.capabilities().configs;
    for waits in 0..8 {
        give_up_after(waits, registry.service(&service)).await;
        give_up_after(waits, registry.beats(&service)).await;
        give_up_after(waits, registry.config(&config)).await;
        give_up_after(waits, registry.configs(&config.scope.namespace, None)).await;
        let mut watch = Arc::clone(registry).watch();
        // An idle watch waits for long between two items: it is given up by the clock as well.
        let reading = give_up_after(waits * 3, async { while watch.next().await.is_some() {} });
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), reading).await;
        drop(watch);
        if configs.write {
            give_up_after(waits, registry.put_config(&config, "given up", None, &Expected::Absent)).await;
            // It may have happened or not. Either way the next one, from what is there now, goes through.
            let mut written = write(registry, &config).await;
            while let Err(RegistryError::Conflict { .. }) = written {
                written = write(registry, &config).await;
            }
            let revision = written.unwrap();
            if configs.delete {
                registry.delete_config(&config, &revision).await.unwrap();
            }
        }
    }
    let mut watcher = Watcher::new(registry);
    watcher.until("a watch after all that is whole", fixture.patience(), |view| view.instances(&service).len() == 1).await;
    fixture.deregister(&service.name, &sample).await;
}

async fn write(registry: &Arc<dyn Registry>, key: &pilothouse_model::ConfigKey) -> Result<pilothouse_model::Revision, RegistryError> {
    let expected = match registry.config(key).await? {
        Some(document) => Expected::Present(document.revision),
        None => Expected::Absent,
    };
    registry.put_config(key, "settled", None, &expected).await
}
