//! Rules that can never match.

use super::world::Kinds;
use super::world::World;
use crate::model::Name;
use crate::policy::assumed;
use crate::policy::decode::At;
use crate::policy::document::AnyRule;
use crate::policy::document::Effective;
use crate::policy::document::Purpose;
use crate::policy::document::Reaction;
use crate::policy::document::Selector;
use crate::policy::document::SuppressedChannel;
use crate::policy::problem::Problems;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::Family;
use crate::policy::rules::Mode;
use crate::policy::rules::PurposeKind;
use crate::policy::source::Position;
use crate::policy::yaml::quoted;

pub(super) fn check(any: AnyRule<'_>, world: &World<'_>, problems: &mut Problems) {
    let rule = any.rule();
    if rule.mode == Some(Mode::Off) {
        return;
    }
    effective(rule.effective.as_ref(), problems);
    if let AnyRule::Budget(budget) = any
        && let Some(list) = budget.counts.as_ref().and_then(|counts| counts.empty_list())
    {
        let message = "an empty list matches nothing, so nothing counts";
        problems.warn(list, message, "name something, or remove the key to match all");
    }
    let selector = rule.r#for.as_ref();
    if let Some(list) = selector.and_then(|selector| selector.empty_list()) {
        problems.warn(list, NEVER_EMPTY, NAME_SOMETHING);
        return;
    }
    if let Some(selector) = selector
        && let (Some(least), Some(below)) = (&selector.priority_at_least, &selector.priority_below)
        && ***least >= ***below
    {
        let message = "this rule can never match: no priority lies between the two bounds";
        problems.warn(below.position, message, "write a higher bound, or remove one of them");
    }
    if let Some(selector) = selector {
        nothing_of_kind(
            selector.channel_kinds.as_ref(),
            selector.purpose_kinds.as_ref(),
            world,
            problems,
        );
    }
    if let Some(family) = any.family() {
        let purposes = selector.and_then(|selector| selector.purposes.as_ref());
        let kinds = selector.and_then(|selector| selector.purpose_kinds.as_ref());
        let at = purposes.map_or(rule.name.position, |list| list.position);
        exempt(family, &Selected { purposes, kinds }, at, world, problems);
    }
}

pub(super) fn reaction(reaction: &Reaction, world: &World<'_>, problems: &mut Problems) {
    if reaction.mode == Some(Mode::Off) {
        return;
    }
    effective(reaction.effective.as_ref(), problems);
    let suppress = &reaction.suppress;
    let lists = suppress.purposes.iter().chain(suppress.labels.each().into_iter().flatten());
    let names = suppress.segments.iter().chain(lists).chain(&suppress.occasions);
    let empty = names.filter(|list| list.is_empty()).map(|list| list.position).next();
    let empty = empty
        .or_else(|| empty_kinds(suppress.channel_kinds.as_ref(), suppress.purpose_kinds.as_ref()));
    let nowhere = suppress.jurisdictions.as_ref().filter(|list| list.is_empty());
    if let Some(list) = empty.or_else(|| nowhere.map(|list| list.position)) {
        let message = "this reaction suppresses nothing: an empty list matches nothing";
        problems.warn(list, message, NAME_SOMETHING);
        return;
    }
    another_channel(reaction, world, problems);
    nothing_of_kind(
        suppress.channel_kinds.as_ref(),
        suppress.purpose_kinds.as_ref(),
        world,
        problems,
    );
    let selected =
        Selected { purposes: suppress.purposes.as_ref(), kinds: suppress.purpose_kinds.as_ref() };
    exempt(Family::Suppressions, &selected, suppress.position, world, problems);
}

/// An event happens on its own channel; what it suppresses on another is seldom meant.
fn another_channel(reaction: &Reaction, world: &World<'_>, problems: &mut Problems) {
    let Some(channel) = &reaction.suppress.channel else { return };
    let SuppressedChannel::Named(name) = &channel.value else { return };
    // One that is not declared is an error of its own.
    if world.channels.contains(&name.as_str()) && world.channels.len() > 1 {
        let on = reaction.on;
        let message = format!("`{on}` on any channel suppresses {}, not only there", quoted(name));
        let help = "write `channel: same` to suppress the channel of the event";
        problems.warn(channel.position, message, help);
    }
}

const NEVER_EMPTY: &str = "this rule can never match: an empty list matches nothing";
const NAME_SOMETHING: &str = "name something, or remove the key to match all";

impl Selector {
    /// The first list that is empty, which nothing matches.
    pub(super) fn empty_list(&self) -> Option<Position> {
        let first = [&self.channels, &self.purposes].into_iter().chain(self.labels.each());
        let mut names = first.chain([&self.occasions, &self.segments]).flatten();
        let empty = names.find(|list| list.is_empty());
        let jurisdictions = self.jurisdictions.as_ref().filter(|list| list.is_empty());
        empty
            .map(|list| list.position)
            .or_else(|| empty_kinds(self.channel_kinds.as_ref(), self.purpose_kinds.as_ref()))
            .or_else(|| jurisdictions.map(|list| list.position))
    }
}

fn empty_kinds(
    channels: Kinds<'_, ChannelKind>,
    purposes: Kinds<'_, PurposeKind>,
) -> Option<Position> {
    let channels = channels.filter(|list| list.is_empty()).map(|list| list.position);
    let purposes = purposes.filter(|list| list.is_empty()).map(|list| list.position);
    channels.or(purposes)
}

fn effective(effective: Option<&At<Effective>>, problems: &mut Problems) {
    if let Some(effective) = effective
        && let (Some(from), Some(until)) = (&effective.from, &effective.until)
        && **until < **from
    {
        let message = format!("this rule can never match: it ends before {}", **from);
        problems.warn(until.position, message, "write a later date, or change the two over");
    }
}

/// A document may select by kind what the policy does not have.
fn nothing_of_kind(
    channels: Kinds<'_, ChannelKind>,
    purposes: Kinds<'_, PurposeKind>,
    world: &World<'_>,
    problems: &mut Problems,
) {
    if let Some(kinds) = channels
        && !world.has_channel_kind(kinds)
    {
        let message = "this can never match: the policy has no channel of such a kind";
        problems.warn(kinds.position, message, "give a channel this `kind`, or name another");
    }
    if let Some(kinds) = purposes
        && !world.has_purpose_kind(kinds)
    {
        let message = "this can never match: the policy has no purpose of such a kind";
        let help = "say `marketing: true` or `collection: true` of a purpose, or name another kind";
        problems.warn(kinds.position, message, help);
    }
}

/// The purposes that a rule is about.
struct Selected<'a> {
    purposes: Option<&'a At<Vec<At<Name>>>>,
    kinds: Option<&'a At<Vec<At<PurposeKind>>>>,
}

impl Selected<'_> {
    fn contains(&self, name: &str, purpose: &Purpose) -> bool {
        let of_kind = |list: &&At<Vec<At<PurposeKind>>>| {
            let kinds = assumed::purpose_kinds(name, purpose);
            list.iter().any(|kind| kinds.contains(&kind.value))
        };
        self.purposes.is_none_or(|list| list.iter().any(|it| it.as_str() == name))
            && self.kinds.as_ref().is_none_or(of_kind)
    }
}

/// Whether every purpose that is selected may pass the rule.
fn exempt(
    family: Family,
    selected: &Selected<'_>,
    at: Position,
    world: &World<'_>,
    problems: &mut Problems,
) {
    let is_selected = |it: &&(&str, &Purpose)| selected.contains(it.0, it.1);
    let mut purposes = world.purposes.iter().filter(is_selected).peekable();
    if purposes.peek().is_none() {
        return;
    }
    let may_pass = |purpose: &Purpose| purpose.exempt.iter().any(|exempt| exempt.value == family);
    if purposes.all(|(_, purpose)| may_pass(purpose)) {
        let family = family.as_str();
        let message =
            format!("this rule can never match: its purposes are all exempt from `{family}`");
        problems.warn(at, message, "name another purpose, or remove an exemption");
    }
}
