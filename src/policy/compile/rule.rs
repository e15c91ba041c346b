//! Rules and reactions, with their defaults.

use crate::model::EventKind;
use crate::model::Ground;
use crate::model::Name;
use crate::model::Span;
use crate::model::history::State;
use crate::policy::compile::Resolver;
use crate::policy::compile::hours;
use crate::policy::days::Days;
use crate::policy::decode::Either;
use crate::policy::decode::Text;
use crate::policy::document;
use crate::policy::document::AnyRule;
use crate::policy::rules::Accepted;
use crate::policy::rules::Backoff;
use crate::policy::rules::Budget;
use crate::policy::rules::CalendarWindow;
use crate::policy::rules::ConsentRule;
use crate::policy::rules::Content;
use crate::policy::rules::Effective;
use crate::policy::rules::Kind;
use crate::policy::rules::Lapse;
use crate::policy::rules::Mode;
use crate::policy::rules::QuietPeriod;
use crate::policy::rules::Reaction;
use crate::policy::rules::Rule;
use crate::policy::rules::Spacing;
use crate::policy::rules::Window;
use crate::policy::value::Who;

/// The default factor of back-off.
const FACTOR_DEFAULT: u32 = 2;
/// The engagements that end a back-off where a rule does not say.
const RESET_ON_DEFAULT: [EventKind; 4] =
    [EventKind::Opened, EventKind::Clicked, EventKind::Replied, EventKind::Converted];
/// The default states whose contacts are given back to a budget.
const REFUND_ON_DEFAULT: [State; 2] = [State::Released, State::Expired];

/// Adds the rules that one of a document stands for: one about any occasion is as many as there are
/// occasions, all with its name.
pub(super) fn rules(
    any: AnyRule<'_>,
    most: Mode,
    resolver: &mut Resolver<'_>,
    rules: &mut Vec<Rule>,
) {
    let rule = rule(any, most, resolver);
    let AnyRule::QuietPeriod(period) = any else { return rules.push(rule) };
    let each = resolver.calendars.each_occasion(period);
    if each.is_empty() {
        return rules.push(rule);
    }
    rules.extend(each.into_iter().map(|(occasion, days)| {
        let kind = Kind::QuietPeriod(quiet_period(period, Some(occasion), days));
        Rule { kind, ..rule.clone() }
    }));
}

fn rule(any: AnyRule<'_>, most: Mode, resolver: &mut Resolver<'_>) -> Rule {
    let common = any.rule();
    Rule {
        name: common.name.value.clone(),
        source: common.source.as_ref().map(Text::to_string),
        mode: common.mode.unwrap_or(Mode::Enforce).at_most(most),
        effective: Effective::of(common.effective.as_ref()),
        selector: resolver.selector(common.r#for.as_deref()),
        kind: match any {
            AnyRule::Budget(it) => Kind::Budget(budget(it, resolver)),
            AnyRule::Spacing(it) => Kind::Spacing(spacing(it)),
            AnyRule::Backoff(it) => Kind::Backoff(backoff(it)),
            AnyRule::ContactHours(it) => Kind::ContactHours(hours::contact_hours(it, resolver)),
            AnyRule::QuietHours(it) => Kind::QuietHours(hours::quiet_hours(it, resolver)),
            AnyRule::QuietPeriod(it) => {
                let occasion = it.occasion.as_ref().map(|occasion| occasion.value.clone());
                let days = resolver.calendars.quiet_period(it);
                Kind::QuietPeriod(quiet_period(it, occasion, days))
            }
            AnyRule::Consent(it) => Kind::Consent(consent(it)),
            AnyRule::Content(it) => Kind::Content(Content {
                expression: it.deny_when.0.clone(),
                message: it.message.as_ref().map(Text::to_string),
            }),
        },
    }
}

pub(super) fn reaction(
    reaction: &document::Reaction,
    most: Mode,
    resolver: &Resolver<'_>,
) -> Reaction {
    let same = Some(&document::SuppressedChannel::Same);
    Reaction {
        name: reaction.name.as_ref().map(|name| name.value.clone()),
        mode: reaction.mode.unwrap_or(Mode::Enforce).at_most(most),
        effective: Effective::of(reaction.effective.as_ref()),
        on: reaction.on,
        times: reaction.times.map_or(1, |times| *times),
        within: reaction.within.as_deref().copied(),
        same_channel: reaction.suppress.channel.as_deref() == same,
        suppress: resolver.suppress(&reaction.suppress),
        lasts: reaction.r#for.as_deref().map(lapse),
    }
}

fn budget(budget: &document::Budget, resolver: &Resolver<'_>) -> Budget {
    let selected = resolver.selector(budget.rule.r#for.as_deref());
    let counts = budget.counts.as_deref().map(|counts| resolver.selector(Some(counts)));
    let overrides = budget.limits.iter().map(|entry| {
        let segments = entry.segments.iter().map(|segment| segment.value.clone());
        (segments.collect(), **entry.limit)
    });
    let keep = budget
        .keep
        .iter()
        .filter_map(|entry| Some((u8::try_from(**entry.priority_at_least).ok()?, **entry.slots)));
    let mut by: Vec<_> = budget.by.iter().map(|dimension| dimension.value).collect();
    by.sort();
    by.dedup();
    let refund_on = budget.refund_on.as_ref();
    Budget {
        limit: **budget.limit,
        overrides: overrides.collect(),
        window: window(&budget.per, resolver),
        counts: counts.unwrap_or(selected),
        by,
        costs: costs(budget, resolver),
        answered: budget.answered,
        distinct_channels: budget.distinct.is_some(),
        keep: keep.collect(),
        refund_on: refund_on.map_or_else(
            || REFUND_ON_DEFAULT.to_vec(),
            |states| states.iter().map(|state| state.value).collect(),
        ),
    }
}

fn window(per: &document::Per, resolver: &Resolver<'_>) -> Window {
    match per {
        Either::Short(span) => Window::Sliding(*span),
        Either::Long(window) => Window::Calendar(CalendarWindow {
            unit: window.calendar,
            zone: resolver.zone(window.time_zone.as_ref()),
            week_starts: window.week_starts.as_ref().map_or(resolver.week_starts, |it| it.0),
        }),
    }
}

/// The cost of a contact, by the position of its channel.
fn costs(budget: &document::Budget, resolver: &Resolver<'_>) -> Vec<u32> {
    let mut costs = vec![1; resolver.channel_count()];
    for (channel, cost) in &budget.cost {
        let position = resolver.channel(channel);
        if let Some(slot) = position.and_then(|position| costs.get_mut(position)) {
            *slot = **cost;
        }
    }
    costs
}

fn spacing(spacing: &document::Spacing) -> Spacing {
    let since = spacing.since.iter().flat_map(|events| events.iter());
    Spacing { since: since.map(|event| event.value).collect(), least: lapse(&spacing.least) }
}

fn lapse(length: &document::Length) -> Lapse {
    let days = |days: u32| u16::try_from(days).unwrap_or(u16::MAX);
    match length {
        Either::Short(span) => Lapse::Span(*span),
        Either::Long(civil) => match (&civil.calendar_days, &civil.full_days) {
            (Some(calendar_days), _) => Lapse::CalendarDays(days(***calendar_days)),
            (None, Some(full_days)) => Lapse::FullDays(days(***full_days)),
            (None, None) => Lapse::Span(Span::ZERO),
        },
    }
}

fn backoff(backoff: &document::Backoff) -> Backoff {
    let reset_on = backoff.reset_on.as_ref();
    Backoff {
        after: **backoff.after,
        base: *backoff.base,
        factor: backoff.factor.as_ref().map_or(FACTOR_DEFAULT, |factor| ***factor),
        most: backoff.most.as_deref().copied(),
        reset_on: reset_on.map_or_else(
            || RESET_ON_DEFAULT.to_vec(),
            |events| events.iter().map(|event| event.value).collect(),
        ),
    }
}

fn consent(rule: &document::ConsentRule) -> ConsentRule {
    let express = Accepted { ground: Ground::EXPRESS, valid_for: rule.valid_for };
    let accepted = |it: &document::Accepted| match it {
        Either::Short(ground) => {
            Accepted { ground: Ground::new(ground.value.clone()), valid_for: rule.valid_for }
        }
        Either::Long(it) => Accepted {
            ground: Ground::new(it.ground.value.clone()),
            valid_for: it.valid_for.or(rule.valid_for),
        },
    };
    ConsentRule {
        grounds: rule
            .grounds
            .as_ref()
            .map_or_else(|| vec![express], |grounds| grounds.iter().map(accepted).collect()),
        except_existing_customers: rule.except_existing_customers.unwrap_or(false),
    }
}

fn quiet_period(period: &document::QuietPeriod, occasion: Option<Name>, days: Days) -> QuietPeriod {
    let asked_for = period.who.as_deref() == Some(&Who::OptedOut);
    QuietPeriod { days, opted_out_of: occasion.clone().filter(|_| asked_for), occasion }
}
