//! Reads a stream as EventSource does.

use std::collections::BTreeMap;
use std::time::Duration;

use pilothouse_api::{Body, Frame, ServiceRow};
use pilothouse_hub::LiveStream;
use pilothouse_model::ServiceId;

#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) last_event_id: Option<String>,
    pub(crate) events: Vec<String>,
    pub(crate) services: BTreeMap<ServiceId, ServiceRow>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) stream: String,
}

impl Reader {
    /// Reads until `done` is content.
    pub(crate) async fn until(&mut self, stream: &mut LiveStream, mut done: impl FnMut(&Self) -> bool) {
        let reading = async {
            while !done(self) {
                let bytes = stream.next().await.expect("the stream ended early");
                self.take(std::str::from_utf8(&bytes).unwrap());
            }
        };
        tokio::time::timeout(Duration::from_secs(60), reading).await.expect("what was waited for did not come");
    }

    fn take(&mut self, block: &str) {
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        self.last_event_id = field("id: ").or(self.last_event_id.take());
        let (Some(event), Some(data)) = (field("event: "), field("data: ")) else { return };
        if event == "hello" {
            self.stream = serde_json::from_str::<pilothouse_api::Hello>(&data).unwrap().stream;
        }
        if event == "snapshot" || event == "delta" {
            let frame: Frame = serde_json::from_str(&data).unwrap();
            if let Body::Services { upsert, remove } = frame.body.clone() {
                if event == "snapshot" {
                    self.services.clear();
                }
                self.services.extend(upsert.into_iter().map(|row| (row.id, row)));
                for id in remove {
                    self.services.remove(&id);
                }
            }
            self.frames.push(frame);
        }
        self.events.push(event);
    }
}
