//! The texts of the pages, in all their languages: a table for each page.

use std::sync::LazyLock;

use strum::IntoEnumIterator;

use crate::model::Day;
use crate::model::wish::MonthDay;
use crate::policy::rules::ChannelKind;

/// The languages, in the order of the columns.
const LANGUAGES: [&str; 6] = ["en", "es", "fr", "de", "pt", "it"];

/// The tables: what both pages say, and what each does.
const TABLES: [&str; 3] = [
    include_str!("words/common.tsv"),
    include_str!("words/unsubscribe.tsv"),
    include_str!("words/preferences.tsv"),
];

/// A text. Its name in the tables is in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Text {
    Title,
    Now,
    StopAll,
    Stopped,
    StartAgain,
    StillComes,
    NothingElse,
    Kinds,
    Topics,
    Channels,
    Often,
    AsItComes,
    NeverMore,
    TakeABreak,
    NothingFromUs,
    NoBreak,
    BreakEnds,
    EndBreak,
    TwoWeeks,
    AMonth,
    ThreeMonths,
    ForDays,
    Spare,
    SpareQuiet,
    SparePlain,
    NextOn,
    MoreDays,
    OwnDate,
    OwnHint,
    Day,
    Month,
    Around,
    OwnAround,
    Save,
    Saved,
    SavedNothing,
    Outdated,
    TooOften,
    Misunderstood,
    NoSuchDate,
    NoRoom,
    ConfirmBySms,
    ConfirmOther,
    Pending,
    LettersArrive,
    Wider,
    Refused,
    Until,
    OnlyLess,
    NothingOffered,
    OnceADay,
    OnceAWeek,
    OnceAMonth,
    PerDay,
    PerWeek,
    PerMonth,
    PerQuarter,
    PerYear,
    PerDays,
    PerHours,
    NoMore,
    Again,
    Spared,
    SparedNoMore,
    HowOften,
    ToConfirm,
    BreakOver,
    ToldUs,
    SaidNo,
    SaidYes,
    SaidYesToConfirm,
    AllOfIt,
    SentYou,
    SentOn,
    Privacy,
    Button,
    AskTitle,
    Ask,
    DoneTitle,
    Done,
    Marketing,
    Everything,
    OfPurpose,
    Through,
    From,
    NoMarketingComes,
    AllElseComes,
    ExceptionsCome,
    NothingComes,
    OtherMeans,
    AboutName,
    ByEmail,
    BySms,
    ByCall,
    ByPush,
    ByMessenger,
    ByPost,
    AboutSender,
    Fewer,
    Choose,
    Undo,
    UndoHint,
    UndoneTitle,
    Undone,
    NotUndoneTitle,
    NotUndone,
    FailedTitle,
    Failed,
    UnknownTitle,
    Unknown,
    ExpiredTitle,
    Expired,
    Date,
    DayOfYear,
    January,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
}

/// The months, in order.
const MONTHS: [Text; 12] = [
    Text::January,
    Text::February,
    Text::March,
    Text::April,
    Text::May,
    Text::June,
    Text::July,
    Text::August,
    Text::September,
    Text::October,
    Text::November,
    Text::December,
];

/// Every text in every language.
static TEXTS: LazyLock<Vec<[&str; 6]>> = LazyLock::new(|| Text::iter().map(find).collect());

fn find(text: Text) -> [&'static str; 6] {
    let name: &str = text.into();
    let lines = TABLES.iter().flat_map(|table| table.lines());
    let mut columns = lines
        .map(|line| line.split('\t'))
        .filter_map(|mut line| (line.next() == Some(name)).then_some(line));
    let mut texts = [name; 6];
    for (own, written) in texts.iter_mut().zip(columns.next().into_iter().flatten()) {
        *own = written;
    }
    texts
}

/// The words of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words(usize);

impl Words {
    /// The words of a language such as `fr-CA`, if we know it.
    pub(super) fn named(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        LANGUAGES.iter().position(|it| it.eq_ignore_ascii_case(primary)).map(Self)
    }

    /// The words of the language that a browser would rather have than any other that we know, else
    /// English.
    pub(super) fn asked(accept_language: &str) -> Self {
        let mut best = (0, Self(0));
        for asked in accept_language.split(',') {
            let mut parts = asked.split(';').map(str::trim);
            let words = parts.next().and_then(Self::named);
            let weight = parts.find_map(|it| it.strip_prefix("q=")).map_or(1_000, weight);
            if let Some(words) = words.filter(|_| weight > best.0) {
                best = (weight, words);
            }
        }
        best.1
    }

    /// The tag of the language.
    pub(super) fn language(self) -> &'static str {
        LANGUAGES.get(self.0).copied().unwrap_or("en")
    }

    /// A text.
    pub(super) fn say(self, text: Text) -> &'static str {
        let texts = TEXTS.get(text as usize).and_then(|texts| texts.get(self.0));
        texts.copied().unwrap_or_default()
    }

    /// A text with something in its place.
    pub(super) fn with(self, text: Text, what: &str) -> String {
        self.say(text).replacen("{}", what, 1)
    }

    /// A text about a thing on a day.
    pub(super) fn dated(self, text: Text, day: Day, what: &str) -> String {
        self.say(text).replace("{date}", &self.date(day)).replacen("{what}", what, 1)
    }

    /// A day in words.
    pub(super) fn date(self, day: Day) -> String {
        let date = day.date();
        let text = self.say(Text::Date).replace("{year}", &date.year().to_string());
        self.of_year(&text, date.month(), date.day())
    }

    /// A day of every year in words.
    pub(super) fn month_day(self, date: MonthDay) -> String {
        self.of_year(self.say(Text::DayOfYear), date.month, date.day)
    }

    /// The months, in order.
    pub(super) fn months(self) -> impl Iterator<Item = &'static str> {
        MONTHS.iter().map(move |month| self.say(*month))
    }

    fn of_year(self, text: &str, month: i8, day: i8) -> String {
        let month = usize::try_from(month).unwrap_or_default().saturating_sub(1);
        let month = self.months().nth(month).unwrap_or_default();
        text.replace("{month}", month).replace("{day}", &day.to_string())
    }

    /// The word of customers for a kind of channel.
    pub(super) fn means(self, kind: ChannelKind) -> Option<&'static str> {
        let text = match kind {
            ChannelKind::Email => Text::ByEmail,
            ChannelKind::Text => Text::BySms,
            ChannelKind::Call => Text::ByCall,
            ChannelKind::Push => Text::ByPush,
            ChannelKind::Messenger => Text::ByMessenger,
            ChannelKind::Post => Text::ByPost,
            ChannelKind::Other => return None,
        };
        Some(self.say(text))
    }
}

/// A weight of RFC 9110, in thousandths; a text that is not a weight counts as the lowest.
fn weight(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = format!("{part:0<3}");
    let part = part.get(..3).and_then(|it| it.parse().ok()).unwrap_or(0);
    if whole == "1" { 1_000 } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_in_one_table_in_every_language_and_is_no_markup() {
        let names: Vec<&str> = Text::iter().map(Into::into).collect();
        let mut told = Vec::new();
        for table in TABLES {
            let mut lines = table.lines();
            assert_eq!(lines.next(), Some("key\ten\tes\tfr\tde\tpt\tit"));
            for line in lines {
                let columns: Vec<&str> = line.split('\t').collect();
                assert_eq!(columns.len(), 7, "{line}");
                assert!(columns.iter().all(|it| !it.is_empty() && it.trim() == *it), "{line}");
                assert!(!line.contains(['<', '>', '&']), "{line}");
                let places: Vec<usize> =
                    columns[1..].iter().map(|it| it.matches('{').count()).collect();
                assert!(places.iter().all(|it| *it == places[0]), "{line}");
                told.push(columns[0]);
            }
        }
        told.sort_unstable();
        let mut known = names.clone();
        known.sort_unstable();
        assert_eq!(told, known);
    }

    #[test]
    fn the_weightiest_language_that_we_know_is_spoken() {
        for (asked, expected) in [
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en;q=0.2, fr;q=0.9", "fr"),
            ("en;q=0.2,it; q=0.75,es;q=0.7", "it"),
            ("nl, pt;q=0.001", "pt"),
            ("fr;q=0, tlh", "en"),
            ("*", "en"),
            ("", "en"),
        ] {
            assert_eq!(Words::asked(asked).language(), expected, "{asked}");
        }
        assert_eq!(Words::named("pt-BR"), Words::named("PT"));
        assert_eq!(Words::named("tlh"), None);
    }

    #[test]
    fn dates_are_said_in_words() {
        let day = Day::from(jiff::civil::date(2027, 3, 7));
        for (language, expected) in [
            ("en", "7 March 2027"),
            ("es", "7 de marzo de 2027"),
            ("fr", "7 mars 2027"),
            ("de", "7. März 2027"),
            ("pt", "7 de março de 2027"),
            ("it", "7 marzo 2027"),
        ] {
            let words = Words::named(language).unwrap();
            assert_eq!(words.date(day), expected);
            assert_eq!(
                words.month_day(MonthDay { month: 12, day: 24 }).split(' ').next(),
                Some(if language == "de" { "24." } else { "24" })
            );
        }
    }
}
