//! The part of the preference page for times without messages: breaks, the days of occasions, and a
//! day of the customer's own.

use maud::Markup;
use maud::html;

use super::said::break_text;
use super::said::date_value;
use super::said::occasion_title;
use super::view::Tick;
use super::view::View;
use crate::model::Span;
use crate::operation::preference::Form;
use crate::operation::preference::Spared;
use crate::operation::preference::State;
use crate::pages::words::Text;

impl View<'_> {
    pub(super) fn breaks(&self) -> Markup {
        let Form { breaks, break_until, .. } = self.form;
        let longer = |it: &&Span| break_until.is_none_or(|until| until < self.now.plus(**it));
        let breaks: Vec<&Span> = breaks.iter().filter(longer).collect();
        if breaks.is_empty() && break_until.is_none() {
            return html! {};
        }
        self.fieldset(Text::TakeABreak, &html! {
            @if let Some(until) = break_until {
                p {
                    (self.words.with(
                        Text::BreakEnds,
                        &self.words.date(crate::pages::day_of(*until)),
                    ))
                }
                @if self.allows {
                    label class="choice" {
                        input type="checkbox" name="end_break" value="yes";
                        span { (self.words.say(Text::EndBreak)) }
                    }
                }
            }
            @if !breaks.is_empty() {
                div class="row" { (self.select(Text::NothingFromUs, "break", &html! {
                    option value="" { (self.words.say(Text::NoBreak)) }
                    @for length in breaks {
                        option value=(length.millis() / 1_000) { (break_text(self.words, *length)) }
                    }
                })) }
            }
        })
    }

    /// A choice of one of several options, with its label.
    fn select(&self, label: Text, name: &str, options: &Markup) -> Markup {
        html! {
            div {
                label for=(name) { (self.words.say(label)) } select id=(name) name=(name) {
                    (options)
                }
            }
        }
    }

    pub(super) fn occasions(&self) -> Markup {
        if self.form.occasions.is_empty() {
            return html! {};
        }
        let quiet = self.form.occasions.iter().all(|it| it.keeps_days_quiet);
        let hint = if quiet { Text::SpareQuiet } else { Text::SparePlain };
        let (first, more): (Vec<&Spared>, Vec<&Spared>) =
            self.form.occasions.iter().partition(|it| it.first);
        let is_open = more.iter().any(|it| it.choice.state != State::Wanted);
        self.fieldset(
            Text::Spare,
            &html! {
                p class="soft" { (self.words.say(hint)) }
                @for it in first { (self.occasion(it)) }
                @if !more.is_empty() {
                    details open[is_open] {
                        summary { (self.words.say(Text::MoreDays)) }
                        @for it in more { (self.occasion(it)) }
                    }
                }
            },
        )
    }

    fn occasion(&self, spared: &Spared) -> Markup {
        let Spared { choice, next, .. } = spared;
        let ticked = choice.state != State::Wanted;
        let next = next.map(|day| self.words.with(Text::NextOn, &self.words.date(day)));
        let fixed = choice.state == State::RefusedByWider || ticked && !self.allows;
        self.choice(&Tick {
            field: "occasion",
            value: &choice.name,
            title: occasion_title(self.policy, self.words, &choice.name),
            ticked,
            fixed,
            notes: next.into_iter().collect(),
        })
    }

    pub(super) fn own_date(&self) -> Markup {
        let Form { own_dates, own_date_offered, .. } = self.form;
        if own_dates.is_empty() && !own_date_offered {
            return html! {};
        }
        let words = self.words;
        self.fieldset(Text::OwnDate, &html! {
            p class="soft" { (words.say(Text::OwnHint)) }
            @for own in own_dates {
                (self.choice(&Tick {
                    field: "date",
                    value: &date_value(*own),
                    title: words.month_day(own.date),
                    ticked: true,
                    fixed: !self.allows,
                    notes: vec![words.with(Text::OwnAround, &own.around.to_string())],
                }))
            }
            @if *own_date_offered {
                div class="row" {
                    (self.select(Text::Day, "day", &html! {
                        option value="" { "–" }
                        @for day in 1..=31 { option { (day) } }
                    }))
                    (self.select(Text::Month, "month", &html! {
                        option value="" { "–" }
                        @for (number, month) in (1..).zip(words.months()) {
                            option value=(number) { (month) }
                        }
                    }))
                    (self.select(Text::Around, "around", &html! {
                        @for days in [0, 1, 2, 3, 7, 14] { option selected[days == 3] { (days) } }
                    }))
                }
            }
        })
    }
}
