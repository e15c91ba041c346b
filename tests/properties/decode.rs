//! Policy documents to structs.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::calendar;
use crate::content::Expression;
use crate::scalar::*;
use crate::spec::*;
use crate::yaml::Value;

/// Keys that any rule may have.
const OF_EVERY_RULE: &[&str] = &["name", "description", "source", "effective", "mode", "for"];

/// What budgets give back, unless they say otherwise.
pub(crate) const REFUNDED: [&str; 2] = ["released", "expired"];

/// The documents of a policy, read section by section.
pub(crate) struct Sections<'a> {
    pub(crate) documents: &'a [Value],
}

pub(crate) struct Settings {
    pub(crate) assumed_jurisdictions: Vec<String>,
    pub(crate) week_starts: Weekday,
    assume: Option<TimeZone>,
    strictest: bool,
}

impl Sections<'_> {
    /// The items of a section that is a list, in all documents.
    fn items(&self, section: &str) -> Result<Vec<&Value>> {
        let lists: Vec<_> =
            self.documents.iter().map(|doc| list(doc, section)).collect::<Result<_>>()?;
        Ok(lists.into_iter().flatten().collect())
    }

    /// The entries of a section that is a map, in all documents.
    fn entries(&self, section: &str) -> Result<Vec<&(String, Value)>> {
        let maps: Vec<_> =
            self.documents.iter().map(|doc| map(doc, section)).collect::<Result<_>>()?;
        Ok(maps.into_iter().flatten().collect())
    }

    pub(crate) fn settings(&self) -> Result<Settings> {
        for document in self.documents {
            let lists = ["budgets", "spacing", "backoff", "contact_hours", "quiet_hours"];
            let more = ["quiet_periods", "holiday_sets", "occasions", "consents", "content_rules"];
            let maps = ["settings", "channels", "purposes", "conversations"];
            let others = ["name", "description", "reactions"];
            known(document, &[&lists[..], &more[..], &maps[..], &others[..]].concat())?;
        }
        let entries = self.entries("settings")?;
        let all = Value::Map(entries.into_iter().cloned().collect());
        known(&all, &["time_zone", "jurisdictions", "week_starts", "history_retention"])?;
        let clock = all.at("time_zone");
        let unknown = clock.map_or(Ok(None), |clock| text(clock, "unknown"))?;
        let assume = clock.map_or(Ok(None), |clock| text(clock, "assume"))?;
        let assumed = all.at("jurisdictions").map(|value| strings(value, "assume"));
        let week_starts = text(&all, "week_starts")?;
        Ok(Settings {
            assumed_jurisdictions: assumed.unwrap_or_else(|| Ok(Vec::new()))?,
            week_starts: weekday(&week_starts.as_deref().unwrap_or("monday")[..3])?,
            assume: assume.map(|name| zone(&name)).transpose()?,
            strictest: unknown.as_deref() == Some("strictest"),
        })
    }

    pub(crate) fn channels(&self) -> Result<BTreeMap<String, Channel>> {
        let channel = |name: &str, value: &Value| -> Result<Channel> {
            known(value, &["kind", "consent", "valid_for", "transit"])?;
            Ok(Channel {
                kind: text(value, "kind")?.or_else(|| kind_by_name(name).map(String::from)),
                consent: need(value)?,
                transit: duration(value, "transit")?.unwrap_or_default(),
            })
        };
        let entries = self.entries("channels")?;
        entries.iter().map(|(name, value)| Ok((name.clone(), channel(name, value)?))).collect()
    }

    pub(crate) fn purposes(&self) -> Result<BTreeMap<String, Purpose>> {
        let purpose = |name: &str, value: &Value| -> Result<Purpose> {
            let kinds = ["marketing", "collection"];
            let keys = ["consent", "valid_for", "exempt", "replies", "on_store_failure"];
            known(value, &[&kinds[..], &keys[..]].concat())?;
            let mut said = BTreeSet::new();
            for kind in kinds {
                if text(value, kind)?.map_or_else(|| is_by_name(kind, name), |it| it == "true") {
                    said.insert(kind.to_owned());
                }
            }
            Ok(Purpose {
                kinds: if said.is_empty() { BTreeSet::from(["other".to_owned()]) } else { said },
                consent: need(value)?,
                exempt: strings(value, "exempt")?.into_iter().collect(),
                replies: text(value, "replies")?.as_deref() == Some("true"),
            })
        };
        let entries = self.entries("purposes")?;
        entries.iter().map(|(name, value)| Ok((name.clone(), purpose(name, value)?))).collect()
    }

    pub(crate) fn conversation(&self) -> Result<Option<SignedDuration>> {
        for document in self.documents {
            if let Some(value) = document.at("conversations") {
                known(value, &["window"])?;
                return duration(value, "window");
            }
        }
        Ok(None)
    }

    /// The dates of an occasion that the policy defines.
    pub(crate) fn occasion(&self, name: &str) -> Result<Option<Dates>> {
        self.items("occasions")?
            .into_iter()
            .find(|item| text(item, "name") == Ok(Some(name.to_owned())))
            .map(|item| known(item, &["name", "dates", "description"]).and_then(|()| dates(item)))
            .transpose()
    }

    fn holiday_set(&self, name: &str) -> Result<Dates> {
        self.items("holiday_sets")?
            .into_iter()
            .find(|item| text(item, "name") == Ok(Some(name.to_owned())))
            .map(|item| known(item, &["name", "dates", "description"]).and_then(|()| dates(item)))
            .unwrap_or_else(|| calendar::holidays(name))
    }

    pub(crate) fn rules(&self, week_starts: Weekday) -> Result<Vec<Rule>> {
        let mut rules = Vec::new();
        for item in self.items("budgets")? {
            rules.push(rule(item, "BUDGET_SPENT", Some("budgets"), budget(item, week_starts)?)?);
        }
        for item in self.items("spacing")? {
            rules.push(rule(item, "TOO_SOON", Some("spacing"), spacing(item)?)?);
        }
        for item in self.items("backoff")? {
            rules.push(rule(item, "BACKING_OFF", Some("backoff"), backoff(item)?)?);
        }
        for item in self.items("contact_hours")? {
            let kind = self.hours(item, "open")?;
            rules.push(rule(item, "OUTSIDE_CONTACT_HOURS", Some("contact_hours"), kind)?);
        }
        for item in self.items("quiet_hours")? {
            let kind = self.hours(item, "closed")?;
            rules.push(rule(item, "QUIET_HOURS", Some("quiet_hours"), kind)?);
        }
        for item in self.items("quiet_periods")? {
            rules.push(rule(item, "QUIET_PERIOD", Some("quiet_periods"), quiet_period(item)?)?);
        }
        for item in self.items("consents")? {
            rules.push(rule(item, "NO_CONSENT", Some("consent"), consents(item)?)?);
        }
        for item in self.items("content_rules")? {
            known(item, &[OF_EVERY_RULE, &["deny_when", "message"]].concat())?;
            let kind = Kind::Content(Expression::new(&required(item, "deny_when")?)?);
            rules.push(rule(item, "CONTENT_RULE", None, kind)?);
        }
        for item in self.items("reactions")? {
            known(item, &[OF_EVERY_RULE, &["on", "times", "within", "suppress"]].concat())?;
            let kind = Kind::Reaction(reaction(item)?);
            let rule = rule(item, "SUPPRESSED", Some("suppressions"), kind)?;
            rules.push(Rule { selector: suppressed(item)?, ..rule });
        }
        Ok(rules)
    }

    /// Contact hours with `open`, quiet hours with `closed` spans.
    fn hours(&self, item: &Value, spans_key: &str) -> Result<Kind> {
        known(item, &[OF_EVERY_RULE, &["time_zone", spans_key, "holidays", "eves"]].concat())?;
        let special = |key: &str| -> Result<Option<(Dates, Vec<Span>)>> {
            let Some(value) = item.at(key) else { return Ok(None) };
            known(value, &["of", spans_key])?;
            let sets = match value.at("of") {
                Some(Value::List(_)) => strings(value, "of")?,
                _ => vec![required(value, "of")?],
            };
            let sets =
                sets.iter().map(|name| self.holiday_set(name)).collect::<Result<Vec<_>>>()?;
            Ok(Some((sets.into_iter().flatten().collect(), spans(value, spans_key)?)))
        };
        Ok(Kind::Hours(Hours {
            open_inside: spans_key == "open",
            zone: text(item, "time_zone")?.map(|name| zone(&name)).transpose()?,
            spans: spans(item, spans_key)?,
            holidays: special("holidays")?,
            eves: special("eves")?,
        }))
    }
}

impl Settings {
    /// Whose clock it is, in the order of the specification.
    pub(crate) fn clocks(
        &self,
        profile: &Value,
        jurisdictions: &[String],
    ) -> Result<Vec<TimeZone>> {
        if let Some(name) = text(profile, "time_zone")? {
            return Ok(vec![zone(&name)?]);
        }
        let candidates = strings(profile, "time_zones")?;
        if !candidates.is_empty() {
            return candidates.iter().map(|name| zone(name)).collect();
        }
        if self.strictest && !jurisdictions.is_empty() {
            let mut names = BTreeSet::new();
            for jurisdiction in jurisdictions {
                names.extend(calendar::zones(jurisdiction)?);
            }
            return names.into_iter().map(zone).collect();
        }
        Ok(self.assume.clone().into_iter().collect())
    }
}

/// What sort of channel a name tells of, among the names that the tests use.
fn kind_by_name(name: &str) -> Option<&'static str> {
    match name {
        "email" => Some("email"),
        "sms" => Some("text"),
        "voice" => Some("call"),
        "direct_mail" => Some("post"),
        "push" => Some("push"),
        "whatsapp" | "chat" => Some("messenger"),
        _ => None,
    }
}

/// Whether a purpose is of a kind by its name alone.
fn is_by_name(kind: &str, name: &str) -> bool {
    match kind {
        "marketing" => ["marketing", "newsletter", "offer"].contains(&name),
        _ => name == kind,
    }
}

fn need(value: &Value) -> Result<Option<Need>> {
    let valid_for = duration(value, "valid_for")?;
    Ok(text(value, "consent")?.map(|_required| Need { valid_for }))
}

fn rule(
    item: &Value,
    reason: &'static str,
    exemption: Option<&'static str>,
    kind: Kind,
) -> Result<Rule> {
    let effective = match item.at("effective") {
        None => None,
        Some(value) => {
            known(value, &["from", "until"])?;
            let from = date(value, "from")?.unwrap_or(Date::MIN);
            Some((from, date(value, "until")?.unwrap_or(Date::MAX)))
        }
    };
    let selects = item.at("for").filter(|_| item.at("on").is_none());
    Ok(Rule {
        name: text(item, "name")?,
        reason,
        exemption,
        selector: selects.map(selector).transpose()?.unwrap_or_default(),
        effective,
        mode: match text(item, "mode")?.as_deref() {
            None | Some("enforce") => Mode::Enforce,
            Some("shadow") => Mode::Shadow,
            Some(_) => Mode::Off,
        },
        kind,
    })
}

fn consents(item: &Value) -> Result<Kind> {
    let own = ["grounds", "valid_for", "except_existing_customers"];
    known(item, &[OF_EVERY_RULE, &own].concat())?;
    let term = duration(item, "valid_for")?;
    let mut grounds = Vec::new();
    for ground in list(item, "grounds")? {
        if ground.at("ground").is_some() {
            known(ground, &["ground", "valid_for"])?;
            let own = duration(ground, "valid_for")?;
            grounds.push((required(ground, "ground")?, own.or(term)));
        } else {
            grounds.push((parsed(ground)?, term));
        }
    }
    if grounds.is_empty() {
        grounds.push(("express".to_owned(), term));
    }
    let except = text(item, "except_existing_customers")?.as_deref() == Some("true");
    Ok(Kind::Consent(Consents { grounds, except_existing_customers: except }))
}

fn budget(item: &Value, week_starts: Weekday) -> Result<Kind> {
    let own = ["counts", "by", "cost", "limit", "limits", "keep", "distinct", "refund_on", "per"];
    known(item, &[OF_EVERY_RULE, &own, &["answered"]].concat())?;
    let counts = item.at("counts").or_else(|| item.at("for"));
    let costs =
        map(item, "cost")?.iter().map(|(channel, cost)| Ok((channel.clone(), parsed(cost)?)));
    let limits = list(item, "limits")?.iter().map(|entry| {
        known(entry, &["segments", "limit"])?;
        Ok((strings(entry, "segments")?.into_iter().collect(), count(entry, "limit")?))
    });
    let keep = list(item, "keep")?.iter().map(|entry| {
        known(entry, &["priority_at_least", "slots"])?;
        Ok((number(entry, "priority_at_least")?, count(entry, "slots")?))
    });
    let refund_on = match item.at("refund_on") {
        Some(_) => strings(item, "refund_on")?.into_iter().collect(),
        None => REFUNDED.map(String::from).into(),
    };
    Ok(Kind::Budget(Box::new(Budget {
        counts: counts.map(selector).transpose()?.unwrap_or_default(),
        by: strings(item, "by")?,
        cost: costs.collect::<Result<_>>()?,
        limit: count(item, "limit")?,
        limits: limits.collect::<Result<_>>()?,
        keep: keep.collect::<Result<_>>()?,
        distinct: text(item, "distinct")?.is_some(),
        answered: text(item, "answered")?.map(|answered| answered == "true"),
        refund_on,
        per: window(item, week_starts)?,
    })))
}

pub(crate) fn window(item: &Value, week_starts: Weekday) -> Result<Window> {
    let Some(per @ Value::Map(_)) = item.at("per") else {
        return Ok(Window::Sliding(duration(item, "per")?.ok_or("no `per`")?));
    };
    known(per, &["calendar", "time_zone", "week_starts"])?;
    let own = text(per, "week_starts")?.map(|day| weekday(&day[..3])).transpose()?;
    Ok(Window::Calendar {
        unit: required(per, "calendar")?,
        zone: text(per, "time_zone")?.map(|name| zone(&name)).transpose()?,
        week_starts: own.unwrap_or(week_starts),
    })
}

fn spacing(item: &Value) -> Result<Kind> {
    known(item, &[OF_EVERY_RULE, &["least", "since"]].concat())?;
    let least = length(item, "least")?.ok_or("no `least`")?;
    let events: BTreeSet<_> = strings(item, "since")?.into_iter().collect();
    let always = item.at("since").is_none();
    Ok(if always { Kind::Spacing { least } } else { Kind::Since { events, least } })
}

fn backoff(item: &Value) -> Result<Kind> {
    known(item, &[OF_EVERY_RULE, &["after", "base", "factor", "most", "reset_on"]].concat())?;
    let reset_on = match item.at("reset_on") {
        Some(_) => strings(item, "reset_on")?.into_iter().collect(),
        None => ["opened", "clicked", "replied", "converted"].map(String::from).into(),
    };
    Ok(Kind::Backoff(Backoff {
        after: number(item, "after")?,
        base: duration(item, "base")?.ok_or("no `base`")?,
        factor: item.at("factor").map_or(Ok(2), parsed)?,
        most: duration(item, "most")?,
        reset_on,
    }))
}

fn quiet_period(item: &Value) -> Result<Kind> {
    let own = ["dates", "yearly", "occasion", "before", "after", "who"];
    known(item, &[OF_EVERY_RULE, &own].concat())?;
    let days = if let Some(dates) = item.at("dates") {
        known(dates, &["from", "to"])?;
        between(dates)?
    } else if let Some(yearly) = item.at("yearly") {
        known(yearly, &["from", "to"])?;
        Days::Yearly {
            from: month_day(&required(yearly, "from")?)?,
            to: month_day(&required(yearly, "to")?)?,
        }
    } else {
        let name = required(item, "occasion")?;
        Days::Occasion { name, before: days(item, "before")?, after: days(item, "after")? }
    };
    Ok(Kind::Days { days, opted_out: text(item, "who")?.as_deref() == Some("opted_out") })
}

fn reaction(item: &Value) -> Result<Reaction> {
    let suppress = item.at("suppress").ok_or("no `suppress`")?;
    Ok(Reaction {
        on: required(item, "on")?,
        times: item.at("times").map_or(Ok(1), parsed)?,
        within: duration(item, "within")?,
        same_channel: text(suppress, "channel")?.as_deref() == Some("same"),
        lasts: length(item, "for")?,
    })
}

/// What a reaction suppresses, apart from `channel: same`.
fn suppressed(item: &Value) -> Result<Selector> {
    let mut suppress = item.at("suppress").cloned().unwrap_or(Value::Null);
    let channel = text(&suppress, "channel")?.filter(|channel| channel != "same");
    if let Value::Map(entries) = &mut suppress {
        entries.retain(|(key, _)| key != "channel");
    }
    let channels = channel.map(|channel| BTreeSet::from([channel]));
    Ok(Selector { channels, ..selector(&suppress)? })
}

pub(crate) fn selector(value: &Value) -> Result<Selector> {
    let lists = ["channels", "purposes", "topics", "campaigns", "brands", "occasions"];
    let more = ["jurisdictions", "segments", "priority_at_least", "priority_below"];
    known(value, &[&lists[..], &more[..], &["channel_kinds", "purpose_kinds"]].concat())?;
    let names = |key| -> Result<Names> {
        let names = strings(value, key)?.into_iter().collect();
        Ok(value.at(key).map(|_| names))
    };
    Ok(Selector {
        channels: names("channels")?,
        channel_kinds: names("channel_kinds")?,
        purpose_kinds: names("purpose_kinds")?,
        purposes: names("purposes")?,
        topics: names("topics")?,
        campaigns: names("campaigns")?,
        brands: names("brands")?,
        occasions: names("occasions")?,
        jurisdictions: names("jurisdictions")?,
        segments: names("segments")?,
        priority_at_least: value.at("priority_at_least").map(parsed).transpose()?,
        priority_below: value.at("priority_below").map(parsed).transpose()?,
    })
}

pub(crate) fn spans(value: &Value, key: &str) -> Result<Vec<Span>> {
    let one = |item| known(item, &["days", "from", "to"]).and_then(|()| span(item));
    list(value, key)?.iter().map(one).collect()
}

pub(crate) fn span(item: &Value) -> Result<Span> {
    let days = strings(item, "days")?;
    let every_day = (1..=7).collect();
    let named = days.iter().map(|day| Ok(weekday(day)?.to_monday_one_offset()));
    let from = minutes(&required(item, "from")?)?;
    let to = minutes(&required(item, "to")?)?;
    Ok(Span {
        days: if days.is_empty() { every_day } else { named.collect::<Result<_>>()? },
        from,
        to: if to > from { to } else { to + 24 * 60 },
    })
}

pub(crate) fn between(value: &Value) -> Result<Days> {
    let from = date(value, "from")?.ok_or("no `from`")?;
    Ok(Days::Dates { from, to: date(value, "to")?.ok_or("no `to`")? })
}
