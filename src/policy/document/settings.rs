//! Declarations that rules refer to: settings, channels, purposes, conversations.

use crate::inbound::OwnWord;
use crate::model::Jurisdiction;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::AtLeastOne;
use crate::policy::decode::Constraint;
use crate::policy::decode::List;
use crate::policy::decode::Named;
use crate::policy::decode::Text;
use crate::policy::decode::record;
use crate::policy::document::OpenDays;
use crate::policy::document::WeekSpan;
use crate::policy::rules::ChannelKind;
use crate::policy::rules::Family;
use crate::policy::rules::OnStoreFailure;
use crate::policy::rules::Preferences;
use crate::policy::rules::StopReach;
use crate::policy::rules::UnknownLanguage;
use crate::policy::value::Need;
use crate::policy::value::SpanOrNone;
use crate::policy::value::Title;
use crate::policy::value::Unknown;
use crate::policy::value::WeekStart;
use crate::policy::value::ZoneName;

record! {
    /// Settings for all rules. Each setting may be made by one document only.
    pub(in crate::policy) struct Settings {
        /// The time zone of customers whose own is not known.
        time_zone: Option<ZoneSettings>,
        /// The jurisdictions of customers who have none.
        jurisdictions: Option<JurisdictionSettings>,
        /// The day on which calendar weeks start; by default Monday.
        week_starts: Option<At<WeekStart>>,
        /// The time for which contacts are remembered; never less than the longest window of a
        /// rule.
        history_retention: Option<At<Span>>,
    }
}

record! {
    /// The time zone of customers whose own is not known.
    pub(in crate::policy) struct ZoneSettings {
        /// The time zone to assume.
        assume: Option<At<ZoneName>>,
        /// `deny`: what needs a clock denies. `strictest`: all zones of the customer's
        /// jurisdictions must agree.
        unknown: Option<At<Unknown>>,
    }
    where Constraint::AtLeastOne(&["assume", "unknown"])
}

record! {
    /// The jurisdictions of customers who have none.
    pub(in crate::policy) struct JurisdictionSettings {
        /// The jurisdictions to assume, as ISO 3166 codes.
        assume: At<AtLeastOne<At<Jurisdiction>>>,
    }
}

record! {
    /// A way of reaching a customer.
    pub(in crate::policy) struct Channel {
        /// The kind of channel, for words of customers such as "no more calls". By default the one
        /// that its name shows.
        kind: Option<ChannelKind>,
        /// `required`: a recorded opt-in is needed.
        consent: Option<Need>,
        /// The time for which a consent holds; by default for good.
        valid_for: Option<Span>,
        /// The longest time in which a message arrives; by default it arrives at once.
        transit: Option<Span>,
        /// Its name for customers, by language.
        title: Named<Title>,
    }
    where Constraint::Needs("valid_for", "consent")
}

record! {
    /// A reason for contacting a customer.
    pub(in crate::policy) struct Purpose {
        /// Whether it is marketing, which customers may always refuse: it cannot be exempt from
        /// opt-outs, suppressions or consent, be a reply, or be allowed unseen. By default as its
        /// name shows.
        marketing: Option<bool>,
        /// Whether debts are collected for it, which laws have rules about. By default, whether its
        /// name is `collection`.
        collection: Option<bool>,
        /// The families of rules that it may pass. Nothing is implied.
        exempt: Vec<At<Family>>,
        /// Whether it answers customers, and is free while a conversation is open.
        replies: Option<At<bool>>,
        /// The answer while the store is out of reach; by default `deny`.
        on_store_failure: Option<At<OnStoreFailure>>,
        /// `required`: a recorded opt-in is needed.
        consent: Option<Need>,
        /// The time for which a consent holds; by default for good.
        valid_for: Option<Span>,
        /// Its name for customers, by language.
        title: Named<Title>,
    }
    where Constraint::Needs("valid_for", "consent")
}

record! {
    /// The effect of a customer's first message.
    pub(in crate::policy) struct Conversations {
        /// The time for which a conversation stays open after each message of the customer.
        window: Span,
        /// Within what time a message is to be answered; by default it is not watched.
        reply_within: Option<Span>,
        /// The hours in which that time runs; by default always.
        reply_hours: Option<At<ReplyHours>>,
    }
    where Constraint::Needs("reply_hours", "reply_within")
}

record! {
    /// The hours in which customers are answered.
    pub(in crate::policy) struct ReplyHours {
        /// The clock, as a zone or a fixed offset; by default the zone that `settings` assumes.
        time_zone: Option<At<ZoneName>>,
        /// The hours of the week.
        open: At<List<At<WeekSpan>>>,
        /// Hours that replace the day's own on public holidays.
        holidays: Option<At<OpenDays>>,
    }
}

record! {
    /// The treatment of customers' messages.
    pub(in crate::policy) struct InboundMessages {
        /// The scope of a bare `STOP`: the `channel` it came by, which is the default, or
        /// `everything`.
        stop: Option<StopReach>,
        /// The time for which the channel is suppressed after a message that may be a refusal, so
        /// that a human can look; by default, and with `0s`, it is not suppressed.
        suppress_unclear_for: Option<SpanOrNone>,
        /// The time for which marketing on the channel is held after such a message; by default
        /// `72h`, or not at all if `suppress_unclear_for` is set. `0s` is not at all.
        hold_unclear_for: Option<SpanOrNone>,
        /// The treatment of a message in an unknown language: `hold` as for any unclear message,
        /// `list` so that a human looks, which is the default, or `ignore`.
        unknown_language: Option<UnknownLanguage>,
        /// The treatment of a wish such as "only once a month": `ask` a human, which is the
        /// default, or `record` it.
        preferences: Option<Preferences>,
        /// Words of the operator's own that refuse, each as the whole message.
        stop_words: Vec<At<Text>>,
        /// Words of the operator's own that opt in, each as the whole message.
        start_words: Vec<At<Text>>,
        /// Words of the operator's own that ask for help, each as the whole message.
        help_words: Vec<At<Text>>,
    }
    where Constraint::AtLeastOne(&[
        "stop",
        "suppress_unclear_for",
        "hold_unclear_for",
        "unknown_language",
        "preferences",
        "stop_words",
        "start_words",
        "help_words",
    ])
}

impl InboundMessages {
    /// The operator's own words, and what they are.
    pub(in crate::policy) fn words(&self) -> impl Iterator<Item = (&At<Text>, OwnWord)> {
        let stop = self.stop_words.iter().map(|word| (word, OwnWord::Stop));
        let start = self.start_words.iter().map(|word| (word, OwnWord::Start));
        let help = self.help_words.iter().map(|word| (word, OwnWord::Help));
        stop.chain(start).chain(help)
    }
}
