//! What the views follow, counted: a topic is wanted while any view wants it.

use std::collections::{BTreeMap, BTreeSet};

use pilothouse_api::Topic;

use crate::distinct::distinct;

/// Topics and how many views want each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Topics(BTreeMap<Topic, usize>);

impl Topics {
    /// A view wants these.
    pub(crate) fn add(&mut self, topics: &[Topic]) {
        for topic in topics {
            *self.0.entry(*topic).or_default() += 1;
        }
    }

    /// A view wants these no more.
    pub(crate) fn remove(&mut self, topics: &[Topic]) {
        for topic in topics {
            if let Some(views) = self.0.get_mut(topic) {
                *views -= 1;
                if *views == 0 {
                    self.0.remove(topic);
                }
            }
        }
    }

    /// Everything wanted.
    pub(crate) fn wanted(&self) -> BTreeSet<Topic> {
        distinct(self.0.keys().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_wanted_while_any_view_wants_it() {
        let mut topics = Topics::default();
        topics.add(&[Topic::Services, Topic::Totals]);
        topics.add(&[Topic::Services]);
        topics.remove(&[Topic::Services, Topic::Totals]);
        assert_eq!(topics.0.keys().collect::<Vec<_>>(), [&Topic::Services]);
        topics.remove(&[Topic::Services]);
        topics.remove(&[Topic::Services]);
        assert_eq!(topics, Topics::default());
    }
}
