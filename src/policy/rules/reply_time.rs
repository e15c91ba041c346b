//! Within what time customers who write are answered, compiled.

use std::sync::Arc;

use crate::model::Span;
use crate::policy::rules::Hours;
use crate::zone::Zone;

/// Within what time customers who write are answered.
#[derive(Clone, Debug)]
pub struct ReplyTime {
    /// The longest time for an answer.
    pub within: Span,
    /// The hours in which that time runs, and their clock; unset is always.
    pub hours: Option<(Hours, Arc<Zone>)>,
}
