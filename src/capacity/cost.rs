//! What was measured. A test holds each number against the document that tells of it.

/// What one call costs a processor, by how many contacts the customer has on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    /// Nanoseconds with 30 contacts.
    pub(super) short: u64,
    /// Nanoseconds with 300 contacts.
    pub(super) long: u64,
}

/// The length of the short history that was measured.
pub(super) const SHORT: u64 = 30;
/// The length of the long one.
pub(super) const LONG: u64 = 300;

// docs/performance.md, "Numbers": the rows `redis: check, allowed` and `redis: reserve, allowed` with
// 16 calls in flight, the medians of `server µs/contact` and `Redis µs/contact`. With 64 in flight each call
// costs less: it is not counted on. Nor are batches, nor denials, which write nothing.

/// What a check costs courtesy.
pub(super) const SERVER_CHECK: Cost = Cost { short: 42_700, long: 56_200 };
/// What a reservation costs courtesy.
pub(super) const SERVER_WRITE: Cost = Cost { short: 69_300, long: 110_500 };
/// What a check costs Redis.
pub(super) const REDIS_CHECK: Cost = Cost { short: 7_500, long: 8_100 };
/// What a reservation costs Redis.
pub(super) const REDIS_WRITE: Cost = Cost { short: 22_900, long: 35_400 };

// docs/redis.md, "Memory".

/// What a customer with 30 contacts and 3 opt-outs takes in Redis, in bytes.
pub(super) const RECORD_BYTES: u64 = 408;
/// What each contact takes of it.
pub(super) const CONTACT_BYTES: u64 = 5;
/// What a request id takes as long as it can be repeated.
pub(super) const REQUEST_BYTES: u64 = 49;
/// How long that is, in hours.
pub(super) const REQUEST_HOURS: u64 = 48;

impl Cost {
    /// Nanoseconds with so many contacts on record: along the line through what was measured, and
    /// never less than the short history costs.
    pub(super) const fn at(self, contacts: u64) -> u64 {
        let more = contacts.saturating_sub(SHORT);
        self.short + (more * (self.long - self.short)).div_ceil(LONG - SHORT)
    }
}

/// What a customer takes in Redis, in bytes: the record, and the ids of its latest requests.
pub(super) const fn record_bytes(contacts: u64, contacts_per_month: u64) -> u64 {
    let without = RECORD_BYTES - SHORT * CONTACT_BYTES;
    let requests = contacts_per_month * REQUEST_HOURS * REQUEST_BYTES;
    without + contacts * CONTACT_BYTES + requests.div_ceil(super::MONTH_DAYS * 24)
}
