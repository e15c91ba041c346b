//! The decision held to a naive reference, and to what holds for every policy.
//!
//! Random policy tests are asked of the product, from the text of the documents to the answer, and
//! of the reference (`reference.rs`), which is written from the specification alone and shares
//! nothing with the engine, not even the reader of the documents. Policies, customers and times
//! are drawn near the edges (`generate.rs`), and when an answer changes is found by stepping
//! through time (`stepping.rs`).
//!
//! `COURTESY_CASES` is the number of questions, and `COURTESY_SEED` the first seed. A million take
//! about a quarter of an hour on two cores:
//! `COURTESY_CASES=1000000 COURTESY_SEED=1000000 cargo test --test properties`.
//!
//! A failure ends with the smallest policy test on which the two differ, with the reference's
//! answer as its expectation. Once the specification has told who is right, the test is kept in
//! `regressions/`: both must answer it from then on.

#![expect(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]
#![expect(clippy::wildcard_enum_match_arm, reason = "the events of the YAML parser are many")]
#![expect(clippy::map_err_ignore, reason = "an error of a test needs no cause")]

mod calendar;
mod cases;
mod content;
mod customer;
mod decode;
mod dice;
mod generate;
mod harness;
mod laws;
mod product;
mod reactions;
mod reference;
mod reservations;
mod scalar;
mod shrink;
mod spec;
mod stepping;
mod wishes;
mod yaml;

use std::fs;
use std::path::Path;

use crate::generate::Theme;

/// Questions in all, over all themes.
const CASES: u64 = 40_000;
const QUESTIONS_PER_DOCUMENT: u64 = 4;

#[test]
fn the_reference_agrees_with_the_cases() {
    check_files("tests/cases");
}

#[test]
fn regressions_stay_fixed() {
    check_files("tests/properties/regressions");
}

#[test]
fn budgets_agree_with_the_reference() {
    check_agreement(Theme::Budgets);
}

#[test]
fn spacing_agrees_with_the_reference() {
    check_agreement(Theme::Spacing);
}

#[test]
fn hours_agree_with_the_reference() {
    check_agreement(Theme::Hours);
}

#[test]
fn days_agree_with_the_reference() {
    check_agreement(Theme::Days);
}

#[test]
fn wishes_agree_with_the_reference() {
    check_agreement(Theme::Wishes);
}

#[test]
fn mixtures_agree_with_the_reference() {
    check_agreement(Theme::Mixture);
}

#[test]
fn order_is_irrelevant() {
    seeds(20).for_each(|seed| laws::order_is_irrelevant(Theme::Mixture, seed));
}

#[test]
fn forgetting_a_contact_never_denies() {
    seeds(20).for_each(|seed| laws::forgetting_allows(Theme::Spacing, seed));
    seeds(20).for_each(|seed| laws::forgetting_allows(Theme::Mixture, seed));
}

#[test]
fn stricter_rules_never_allow() {
    seeds(20).for_each(|seed| laws::strictness_denies(Theme::Mixture, seed));
    seeds(20).for_each(|seed| laws::strictness_denies(Theme::Budgets, seed));
}

#[test]
fn reserving_never_overfills_a_window() {
    seeds(20).for_each(laws::reserving_overfills_nothing);
}

#[test]
fn stretches_say_at_every_instant_what_is_decided() {
    for theme in
        [Theme::Budgets, Theme::Spacing, Theme::Hours, Theme::Days, Theme::Wishes, Theme::Mixture]
    {
        seeds(60).for_each(|seed| laws::stretches_say_what_is_decided(theme, seed));
    }
}

fn check_agreement(theme: Theme) {
    for seed in seeds(6) {
        harness::check(generate::document(theme, seed));
    }
}

/// The seeds of a test that gets one part in so many of all questions.
fn seeds(parts: u64) -> impl Iterator<Item = u64> {
    let cases = number("COURTESY_CASES").unwrap_or(CASES);
    let first = number("COURTESY_SEED").unwrap_or(0);
    first..first + (cases / QUESTIONS_PER_DOCUMENT).div_ceil(parts)
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration but this")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().unwrap())
}

/// What the files state is what the reference answers, and what the product does.
fn check_files(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut wrong = Vec::new();
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let document = yaml::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        let answers = harness::answers(&document).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        for (question, given) in answers {
            let reference = cases::answer(&question);
            for (who, answer) in [("reference", reference), ("product", given)] {
                for difference in cases::differences(&question, &answer) {
                    wrong.push(format!("{path:?}, {}: {who}: {difference}", question.test));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
