//! Steps of work, which tests count: their number is equal on every machine, unlike time.

/// One step: a word that is looked up, or a place of a clause that is compared with a line.
#[cfg(not(test))]
pub(crate) const fn step() {}

#[cfg(test)]
pub(crate) fn step() {
    STEPS.with(|steps| steps.set(steps.get() + 1));
}

#[cfg(test)]
thread_local! {
    pub(crate) static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}
