//! The form on which a customer chooses, and what is chosen.

use std::collections::BTreeMap;

use super::customer;
use super::profile;
use super::time::duration;
use super::time::timestamp;
use super::violations::Path;
use super::violations::Violations;
use crate::calendar::Occasion;
use crate::codec::number;
use crate::engine::Undeclared;
use crate::model::Name;
use crate::model::Record;
use crate::model::Span;
use crate::model::wish::Cycle;
use crate::operation::Context;
use crate::operation::preference;
use crate::operation::preference::Choice;
use crate::operation::preference::Choose;
use crate::operation::preference::Form;
use crate::operation::preference::Limit;
use crate::operation::preference::Names;
use crate::operation::preference::OwnDate;
use crate::operation::preference::Repeated;
use crate::operation::preference::Saving;
use crate::operation::preference::Sort;
use crate::operation::preference::Spared;
use crate::operation::preference::State;
use crate::policy::Policy;
use crate::policy::rules::Sender;
use crate::policy::rules::Title;
use crate::policy::rules::titled;
use crate::proto::v1;

/// The maximum number of names of one kind in a request.
const NAMES_MAX: usize = 256;
const LIMIT_MAX: u32 = 10_000;
const SPAN_MAX: Span = Span::from_days(400);

/// The form for a customer, as a message: of a brand, in a language or the customer's own.
#[must_use]
pub fn form(
    context: Context<'_>,
    record: &Record,
    (brand, language): (Option<&Name>, Option<&str>),
) -> v1::PreferenceForm {
    let pages = &context.policy.pages;
    let titles = &pages.titles;
    let language = language.or(record.profile.locale.as_deref()).unwrap_or("en");
    let Form {
        topics,
        purposes,
        channels,
        limits,
        chosen,
        most,
        break_until,
        breaks,
        occasions,
        own_dates,
        own_date_offered,
        still_come,
    } = preference::form(context, record, brand);
    let all = |choices: Vec<Choice>, titles: &BTreeMap<Name, Title>| {
        choices.into_iter().map(|it| choice(&it, titled(titles, &it.name, language))).collect()
    };
    let Sender { name, address, privacy_url, colour } = pages.sender(brand);
    let text = |text: Option<Box<str>>| text.map(String::from);
    v1::PreferenceForm {
        topics: all(topics, &titles.topics),
        purposes: all(purposes, &titles.purposes),
        channels: all(channels, &titles.channels),
        cadences: limits.iter().map(|it| limit(*it, Some(*it) == chosen)).collect(),
        break_until_time: break_until.map(timestamp),
        occasions: occasions.iter().map(|it| occasion(it, &titles.occasions, language)).collect(),
        always_sent_titles: still_come
            .iter()
            .map(|name| titled(&titles.purposes, name, language))
            .collect(),
        always_sent_purposes: still_come.iter().map(ToString::to_string).collect(),
        own_dates: own_dates.into_iter().map(own_date).collect(),
        own_date_offered,
        breaks: breaks.into_iter().map(duration).collect(),
        most: most.map(|it| limit(it, false)),
        sender: Some(v1::PreferenceSender {
            name: text(name),
            address: text(address),
            privacy_url: text(privacy_url),
            colour: text(colour),
        }),
    }
}

fn choice(choice: &Choice, title: String) -> v1::Choice {
    v1::Choice {
        name: choice.name.to_string(),
        title,
        state: i32::from(state(choice.state)),
        until_time: choice.until.map(timestamp),
    }
}

const fn state(state: State) -> v1::ChoiceState {
    match state {
        State::Wanted => v1::ChoiceState::Wanted,
        State::Refused => v1::ChoiceState::Refused,
        State::RefusedByWider => v1::ChoiceState::RefusedByWider,
        State::NeedsConsent => v1::ChoiceState::NeedsConsent,
        State::Pending => v1::ChoiceState::Pending,
    }
}

fn limit(limit: Limit, chosen: bool) -> v1::CadenceChoice {
    let (per, calendar) = match limit.per {
        Cycle::Sliding(span) => (Some(duration(span)), None),
        Cycle::Calendar(unit) => (None, Some(number::of_calendar_unit(unit))),
    };
    v1::CadenceChoice { limit: limit.limit, per, calendar, chosen }
}

fn occasion(spared: &Spared, titles: &BTreeMap<Name, Title>, language: &str) -> v1::OccasionChoice {
    let name = &spared.choice.name;
    let shipped = Occasion::find(name).map(|it| it.title_in(language).to_owned());
    v1::OccasionChoice {
        name: name.to_string(),
        title: shipped.unwrap_or_else(|| titled(titles, name, language)),
        state: i32::from(state(spared.choice.state)),
        next_date: spared.next.map(|day| day.date().to_string()),
        keeps_days_quiet: spared.keeps_days_quiet,
        first: spared.first,
    }
}

fn own_date(own: OwnDate) -> v1::QuietDate {
    let OwnDate { date, around } = own;
    v1::QuietDate {
        date: format!("{:02}-{:02}", date.month, date.day),
        days_around: Some(u32::from(around)),
    }
}

impl Violations {
    /// The language in which something is to be titled.
    pub fn language(&mut self, language: Option<&str>) -> Option<Name> {
        let name = self.optional(Path::ROOT, "language", language)?;
        if !profile::is_language(&name) {
            self.add(Path::ROOT, "language", "is not a BCP 47 tag such as `fr-CA`");
        }
        Some(name)
    }

    /// The choices of a customer.
    pub fn saving(&mut self, request: &v1::SetPreferencesRequest, policy: &Policy) -> Saving {
        let root = Path::ROOT;
        let refused = Names {
            topics: self.of_sort("refused_topics", &request.refused_topics, (policy, Sort::Topic)),
            purposes: self.offered_purposes("refused_purposes", &request.refused_purposes, policy),
            channels: self.of_sort(
                "refused_channels",
                &request.refused_channels,
                (policy, Sort::Channel),
            ),
            occasions: self.of_sort(
                "refused_occasions",
                &request.refused_occasions,
                (policy, Sort::Occasion),
            ),
        };
        let wanted = Names {
            topics: self.of_sort("wanted_topics", &request.wanted_topics, (policy, Sort::Topic)),
            purposes: self.offered_purposes("wanted_purposes", &request.wanted_purposes, policy),
            channels: self.of_sort(
                "wanted_channels",
                &request.wanted_channels,
                (policy, Sort::Channel),
            ),
            occasions: self.of_sort(
                "wanted_occasions",
                &request.wanted_occasions,
                (policy, Sort::Occasion),
            ),
        };
        self.not_both(&refused, &wanted);
        self.not_against_itself(request);
        let proven = self.optional(root, "proven_channel", request.proven_channel.as_deref());
        if let Some(Err(undeclared)) =
            proven.as_ref().map(|it| Undeclared::check_channel(policy, it))
        {
            self.add_undeclared_as(root, "proven_channel", &undeclared);
        }
        let evidence = self.evidence(root, &request.evidence);
        Saving {
            request: self.optional_key(root, request.request_id.as_deref(), request),
            refused,
            wanted,
            limit: request.cadence.as_ref().and_then(|it| self.limit(it)),
            break_for: self.duration(root, "break_for", request.break_for.as_ref(), SPAN_MAX),
            end_break: request.end_break.unwrap_or_default(),
            stop_all: request.stop_all.unwrap_or_default(),
            added: self.own_dates("added_dates", &request.added_dates),
            removed: self.own_dates("removed_dates", &request.removed_dates),
            brand: self.optional(root, "brand", request.brand.as_deref()),
            proven,
            evidence: evidence.unwrap_or_default(),
            source: self.optional(root, "source", request.source.as_deref()),
            is_current: false,
            repeated: Repeated::ChangesNothing,
        }
    }

    fn chosen(&mut self, field: &str, texts: &[String]) -> Vec<Name> {
        let mut names = self.names(Path::ROOT, field, texts, NAMES_MAX);
        names.sort();
        names.dedup();
        names
    }

    fn offered_purposes(&mut self, field: &str, texts: &[String], policy: &Policy) -> Vec<Name> {
        let names = self.chosen(field, texts);
        for name in &names {
            if let Err(undeclared) = Undeclared::check_purpose(policy, name) {
                self.add_undeclared_as(Path::ROOT, field, &undeclared);
            } else if !policy.pages.purposes.contains(name) {
                let problem = format!("names `{name}`, which the policy's `pages` does not offer");
                self.add(Path::ROOT, field, problem);
            }
        }
        names
    }

    fn of_sort(
        &mut self,
        field: &str,
        texts: &[String],
        (policy, sort): (&Policy, Sort),
    ) -> Vec<Name> {
        let names = self.chosen(field, texts);
        for name in &names {
            if let Err(undeclared) = Undeclared::check_scope(policy, &sort.alone(name)) {
                self.add_undeclared_as(Path::ROOT, field, &undeclared);
            }
        }
        names
    }

    fn not_both(&mut self, refused: &Names, wanted: &Names) {
        let pairs = [
            ("wanted_topics", &refused.topics, &wanted.topics),
            ("wanted_purposes", &refused.purposes, &wanted.purposes),
            ("wanted_channels", &refused.channels, &wanted.channels),
            ("wanted_occasions", &refused.occasions, &wanted.occasions),
        ];
        for (field, refused, wanted) in pairs {
            if let Some(name) = wanted.iter().find(|it| refused.contains(it)) {
                self.add(Path::ROOT, field, format!("names `{name}`, which is refused as well"));
            }
        }
    }

    /// A choice that allows more contradicts one that refuses everything.
    fn not_against_itself(&mut self, request: &v1::SetPreferencesRequest) {
        let stops = request.stop_all == Some(true);
        let ends = request.end_break == Some(true);
        let wants = [
            ("wanted_topics", !request.wanted_topics.is_empty()),
            ("wanted_purposes", !request.wanted_purposes.is_empty()),
            ("wanted_channels", !request.wanted_channels.is_empty()),
            ("end_break", ends),
        ];
        for (field, _) in wants.iter().filter(|(_, is_set)| stops && *is_set) {
            self.add(Path::ROOT, field, "must be unset where `stop_all` is true");
        }
        if ends && request.break_for.is_some() {
            self.add(Path::ROOT, "end_break", "must be unset where `break_for` is set");
        }
        let dates = &request.added_dates;
        if request.removed_dates.iter().any(|it| dates.contains(it)) {
            self.add(Path::ROOT, "removed_dates", "names a date that is added as well");
        }
    }

    fn limit(&mut self, wish: &v1::CadenceWish) -> Option<Choose> {
        let path = Path::of("cadence");
        let per = self.duration(path, "per", wish.per.as_ref(), SPAN_MAX);
        match (wish.limit, per) {
            (None, None) => Some(Choose(None)),
            (Some(limit), Some(per)) if (1..=LIMIT_MAX).contains(&limit) => {
                Some(Choose(Some(Limit { limit, per: Cycle::Sliding(per) })))
            }
            (Some(_), Some(_)) => {
                self.add(path, "limit", format!("must be from 1 to {LIMIT_MAX}"));
                None
            }
            (Some(_), None) => {
                if wish.per.is_none() {
                    self.add(path, "per", "must be set where `limit` is");
                }
                None
            }
            (None, Some(_)) => {
                self.add(path, "limit", "must be set where `per` is");
                None
            }
        }
    }

    fn own_dates(&mut self, field: &'static str, dates: &[v1::QuietDate]) -> Vec<OwnDate> {
        self.at_most(Path::ROOT, field, dates.len(), customer::QUIET_TIMES_MAX);
        let dates = dates.iter().take(customer::QUIET_TIMES_MAX).enumerate();
        let dates = dates.filter_map(|(position, it)| {
            let (date, around) = self.yearly(Path::item(field, position), it)?;
            Some(OwnDate { date, around })
        });
        dates.collect()
    }
}
