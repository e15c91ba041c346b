//! A sample of customers whose number is unknown: those with the smallest hashes of their ids. Each
//! customer is equally likely to be in it, and it is always the same, so that two candidates can be
//! compared.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::past::Judged;

/// The most customers of a sample: their contacts are in memory until the end.
pub const SAMPLE_MAX: usize = 10_000;

/// The position of a customer in the order of hashes.
pub(super) type Slot = (u64, Box<str>);

/// The customers of a sample, as far as it is known.
#[derive(Debug)]
pub(super) struct Sample {
    size: usize,
    customers: BTreeMap<Slot, Vec<Judged>>,
}

impl Sample {
    /// A sample of at most `size` customers.
    pub(super) fn new(size: usize) -> Self {
        Self { size: size.min(SAMPLE_MAX), customers: BTreeMap::new() }
    }

    /// The position of a customer who may belong to the sample; `None` if that is ruled out.
    pub(super) fn place(&self, customer_id: &str) -> Option<Slot> {
        let place = (hash(customer_id), Box::from(customer_id));
        let last = self.customers.last_key_value();
        let is_in = self.customers.len() < self.size || last.is_some_and(|(last, _)| place < *last);
        is_in.then_some(place)
    }

    /// Takes a customer in, in place of the last one if there are too many.
    pub(super) fn put(&mut self, place: Slot, judged: Vec<Judged>) {
        self.customers.insert(place, judged);
        if self.customers.len() > self.size {
            self.customers.pop_last();
        }
    }
}

impl IntoIterator for Sample {
    type Item = (Box<str>, Vec<Judged>);
    type IntoIter = std::iter::Map<
        btree_map::IntoIter<Slot, Vec<Judged>>,
        fn((Slot, Vec<Judged>)) -> (Box<str>, Vec<Judged>),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.customers.into_iter().map(|((_, customer_id), judged)| (customer_id, judged))
    }
}

fn hash(customer_id: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(customer_id.as_bytes());
    hasher.finish()
}
