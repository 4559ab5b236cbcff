//! What the use cases need from the outside.

mod audit;
mod clock;
mod fleet;
mod ledger;
mod operator;

pub use audit::AuditLog;
pub use clock::{Clock, Ids};
pub use fleet::Fleet;
pub use ledger::{Ledger, LedgerBatch, PastFleet, StoreError};
pub use operator::{OperatorError, Operators};
