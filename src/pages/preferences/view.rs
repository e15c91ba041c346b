//! The view of a form on the preference page, and the note of what was shown.

use maud::Markup;
use maud::html;

use super::said::date_value;
use super::said::frequency;
use super::said::limit_text;
use super::said::limit_value;
use crate::model::Name;
use crate::operation::preference::Choice;
use crate::operation::preference::Form;
use crate::operation::preference::Limit;
use crate::operation::preference::State;
use crate::pages::words::Text;
use crate::pages::words::Words;
use crate::policy::Policy;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::titled;
use crate::unsubscribe::Shown;

/// A visitor's view of a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub(super) policy: &'a Policy,
    pub(super) form: &'a Form,
    pub(super) words: Words,
    /// Whether the customer may allow more than now.
    pub(super) allows: bool,
    /// The channel on which the link was sent.
    pub(super) proven: Option<&'a Name>,
    pub(super) now: crate::model::Instant,
}

/// One checkbox.
pub(super) struct Tick<'a> {
    pub(super) field: &'static str,
    pub(super) value: &'a str,
    pub(super) title: String,
    pub(super) ticked: bool,
    /// Whether the tick cannot be changed.
    pub(super) fixed: bool,
    pub(super) notes: Vec<String>,
}

impl View<'_> {
    /// Whether the whole form is refused for good.
    pub(super) fn is_stopped(&self) -> bool {
        !self.form.purposes.is_empty()
            && !self.form.purposes.iter().any(|it| it.state == State::Wanted)
    }

    /// Whether purposes are shown. If there is only one, the whole page is about it.
    fn shows_purposes(&self) -> bool {
        self.form.purposes.len() > 1
    }

    /// The choices that are ticked, to be compared with the posted form.
    pub(super) fn shown(&self) -> Shown {
        let ticked = |choices: &[Choice]| {
            choices
                .iter()
                .filter(|it| it.state == State::Wanted)
                .map(|it| it.name.to_string())
                .collect()
        };
        if self.is_stopped() {
            return Shown::default();
        }
        let form = self.form;
        let spared = form.occasions.iter().map(|it| &it.choice);
        let spared = spared.filter(|it| self.allows && it.state == State::Refused);
        Shown {
            topics: ticked(&form.topics),
            purposes: if self.shows_purposes() { ticked(&form.purposes) } else { Vec::new() },
            channels: ticked(&form.channels),
            occasions: spared.map(|it| it.name.to_string()).collect(),
            limit: form.chosen.map(limit_value).unwrap_or_default(),
            dates: form
                .own_dates
                .iter()
                .filter(|_| self.allows)
                .map(|it| date_value(*it))
                .collect(),
            ..Shown::default()
        }
    }

    /// The form, below its status; `sealed` is what was shown.
    pub(super) fn html(&self, sealed: &str) -> Markup {
        let (form, words) = (self.form, self.words);
        if form.purposes.is_empty() {
            return html! { p { (words.say(Text::NothingOffered)) } };
        }
        html! {
            @if !self.allows { p class="soft" { (words.say(Text::OnlyLess)) } }
            form method="post" {
                input type="hidden" name="shown" value=(sealed);
                @if self.is_stopped() { (self.stopped()) } @else {
                    div class="stop" {
                        button class="plain" type="submit" name="do" value="stop" {
                            (words.say(Text::StopAll))
                        }
                        p { (self.still_comes()) }
                    }
                    (self.purposes()) (self.topics()) (self.channels()) (self.limits())
                    (self.breaks())
                    (self.occasions()) (self.own_date())
                    div class="ends" {
                        button type="submit" name="do" value="save" { (words.say(Text::Save)) }
                    }
                }
            }
        }
    }

    fn stopped(&self) -> Markup {
        let can_start =
            self.allows && self.form.purposes.iter().any(|it| it.state == State::Refused);
        html! {
            div class="stop" {
                p { strong { (self.words.say(Text::Stopped)) } " " (self.still_comes()) }
                @if can_start {
                    button type="submit" name="do" value="start" {
                        (self.words.say(Text::StartAgain))
                    }
                } @else if self.allows { p class="soft" { (self.words.say(Text::Wider)) } }
            }
        }
    }

    fn still_comes(&self) -> String {
        let titles = &self.policy.pages.titles.purposes;
        let titles =
            self.form.still_come.iter().map(|it| titled(titles, it, self.words.language()));
        let titles: Vec<String> = titles.collect();
        if titles.is_empty() {
            return self.words.say(Text::NothingElse).to_owned();
        }
        self.words.with(Text::StillComes, &titles.join(", "))
    }

    pub(super) fn fieldset(&self, legend: Text, body: &Markup) -> Markup {
        html! { fieldset { legend { (self.words.say(legend)) } (body) } }
    }

    /// A checkbox, or words where nothing can be changed.
    pub(super) fn choice(&self, it: &Tick<'_>) -> Markup {
        let text = html! {
            span { (it.title) @for note in &it.notes { small { (note) } } }
        };
        html! {
            @if it.fixed {
                div class="choice fixed" {
                    span aria-hidden="true" { @if it.ticked { "✓" } @else { "–" } } (text)
                }
            } @else {
                label class="choice" {
                    input type="checkbox" name=(it.field) value=(it.value) checked[it.ticked];
                    (text)
                }
            }
        }
    }

    fn wanted(
        &self,
        field: &'static str,
        choice: &Choice,
        title: String,
        mut notes: Vec<String>,
    ) -> Markup {
        let ticked = choice.state == State::Wanted;
        let wider = choice.state == State::RefusedByWider;
        if wider {
            notes.push(self.words.say(Text::Wider).to_owned());
        } else if !ticked && !self.allows {
            notes.push(self.words.say(Text::Refused).to_owned());
        }
        if let Some(until) = choice.until {
            notes.push(self.words.with(Text::Until, &self.words.date(crate::pages::day_of(until))));
        }
        let fixed = wider || !ticked && !self.allows;
        self.choice(&Tick { field, value: &choice.name, title, ticked, fixed, notes })
    }

    fn purposes(&self) -> Markup {
        let titles = &self.policy.pages.titles.purposes;
        let body = html! { @for it in &self.form.purposes {
            (self.wanted(
                "purpose",
                it,
                titled(titles, &it.name, self.words.language()),
                Vec::new(),
            ))
        } };
        if self.shows_purposes() {
            self.fieldset(Text::Kinds, &body)
        } else {
            html! {}
        }
    }

    fn topics(&self) -> Markup {
        if self.form.topics.is_empty() {
            return html! {};
        }
        let titles = &self.policy.pages.titles.topics;
        self.fieldset(Text::Topics, &html! { @for it in &self.form.topics {
            (self.wanted("topic", it, titled(titles, &it.name, self.words.language()), Vec::new()))
        } })
    }

    fn channels(&self) -> Markup {
        if self.form.channels.is_empty() {
            return html! {};
        }
        let titles = &self.policy.pages.titles.channels;
        self.fieldset(
            Text::Channels,
            &html! { @for it in &self.form.channels {
                (self.wanted(
                    "channel",
                    it,
                    titled(titles, &it.name, self.words.language()),
                    self.channel_notes(it),
                ))
            } },
        )
    }

    /// The text about a channel.
    pub(super) fn channel_text(&self, choice: &Choice) -> String {
        let titles = &self.policy.pages.titles.channels;
        let title = titled(titles, &choice.name, self.words.language());
        [vec![title], self.channel_notes(choice)].concat().join("\n")
    }

    fn channel_notes(&self, choice: &Choice) -> Vec<String> {
        let channels = self.policy.channels.iter();
        let kind = channels.filter(|it| it.name == choice.name).find_map(|it| it.kind);
        let is_confirmed = self.policy.pages.confirm.contains(&choice.name);
        let is_proven = self.proven == Some(&choice.name);
        let note = match (choice.state, kind) {
            (State::Pending, _) => Some(Text::Pending),
            (State::NeedsConsent | State::Refused, kind)
                if is_confirmed && !is_proven && self.allows =>
            {
                let is_text = kind == Some(ChannelKind::Text);
                Some(if is_text { Text::ConfirmBySms } else { Text::ConfirmOther })
            }
            (State::Wanted, Some(ChannelKind::Post)) => Some(Text::LettersArrive),
            _ => None,
        };
        note.map(|note| self.words.say(note).to_owned()).into_iter().collect()
    }

    fn limits(&self) -> Markup {
        let Form { limits, chosen, most, .. } = self.form;
        let is_offered = |limit: &&Limit| {
            let is_chosen = *chosen == Some(**limit);
            let says_less = most.is_none_or(|most| !most.is_within(**limit));
            is_chosen || says_less && (self.allows || chosen.is_none_or(|own| limit.is_within(own)))
        };
        let limits: Vec<&Limit> = limits.iter().filter(is_offered).collect();
        if limits.is_empty() {
            return html! {};
        }
        let choice = |value: String, text: String, note: Option<String>, checked: bool| {
            html! {
                label class="choice" {
                    input type="radio" name="limit" value=(value) checked[checked];
                    span { (text) @if let Some(note) = note { small { (note) } } }
                }
            }
        };
        let most = most.map(|most| self.words.with(Text::NeverMore, &frequency(self.words, most)));
        self.fieldset(
            Text::Often,
            &html! {
                @if self.allows || chosen.is_none() {
                    (choice(
                        String::new(),
                        self.words.say(Text::AsItComes).to_owned(),
                        most,
                        chosen.is_none(),
                    ))
                }
                @for limit in limits {
                    (choice(
                        limit_value(*limit),
                        limit_text(self.words, *limit),
                        None,
                        *chosen == Some(*limit),
                    ))
                }
            },
        )
    }
}
