//! What rules refer to: settings, channels, purposes, conversations.

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
    /// What holds for all rules. Each setting may be made by one document only.
    pub(in crate::policy) struct Settings {
        /// The time zone of customers whose own is not known.
        time_zone: Option<ZoneSettings>,
        /// The jurisdictions of customers who have none.
        jurisdictions: Option<JurisdictionSettings>,
        /// The day on which calendar weeks start; by default Monday.
        week_starts: Option<At<WeekStart>>,
        /// How long contacts are remembered; never less than the longest window of a rule.
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
        /// What sort of channel it is: words of customers such as "no more calls" go by it. By
        /// default what its name tells.
        kind: Option<ChannelKind>,
        /// `required`: a recorded opt-in is needed.
        consent: Option<Need>,
        /// How long a consent holds; by default for good.
        valid_for: Option<Span>,
        /// How long a message may take to arrive; by default it arrives at once.
        transit: Option<Span>,
        /// What customers call it, by language.
        title: Named<Title>,
    }
    where Constraint::Needs("valid_for", "consent")
}

record! {
    /// A reason for contacting a customer.
    pub(in crate::policy) struct Purpose {
        /// Whether it is marketing, which customers may always refuse: it cannot be exempt from
        /// opt-outs, suppressions or consent, be a reply, or be allowed unseen. By default what its
        /// name tells.
        marketing: Option<bool>,
        /// Whether debts are collected for it, which laws have rules about. By default whether its
        /// name is `collection`.
        collection: Option<bool>,
        /// The families of rules that it may pass. Nothing is implied.
        exempt: Vec<At<Family>>,
        /// Whether it answers customers, and is free while a conversation is open.
        replies: Option<At<bool>>,
        /// What is answered when the store is out of reach; by default `deny`.
        on_store_failure: Option<At<OnStoreFailure>>,
        /// `required`: a recorded opt-in is needed.
        consent: Option<Need>,
        /// How long a consent holds; by default for good.
        valid_for: Option<Span>,
        /// What customers call it, by language.
        title: Named<Title>,
    }
    where Constraint::Needs("valid_for", "consent")
}

record! {
    /// What happens when a customer writes first.
    pub(in crate::policy) struct Conversations {
        /// How long a conversation stays open after each message of the customer.
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
        /// On which clock, as a zone or a fixed offset; by default the zone that `settings`
        /// assumes.
        time_zone: Option<At<ZoneName>>,
        /// The hours of the week.
        open: At<List<At<WeekSpan>>>,
        /// Hours that replace the day's own on public holidays.
        holidays: Option<At<OpenDays>>,
    }
}

record! {
    /// What is done about what customers write.
    pub(in crate::policy) struct InboundMessages {
        /// What a bare `STOP` refuses: the `channel` it came by, which is the default, or
        /// `everything`.
        stop: Option<StopReach>,
        /// How long the channel is suppressed after a message that may be a refusal and cannot be
        /// told, so that a human can look; by default, and with `0s`, not at all.
        suppress_unclear_for: Option<SpanOrNone>,
        /// How long marketing on the channel is held after such a message; by default `72h`, or not
        /// at all where `suppress_unclear_for` is written. `0s` is not at all.
        hold_unclear_for: Option<SpanOrNone>,
        /// What is done about a message in a language that is not known: `hold` as for any that is
        /// unclear, `list` so that a human looks, which is the default, or `ignore`.
        unknown_language: Option<UnknownLanguage>,
        /// What is done about a wish such as "only once a month": `ask` a human, which is the
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
