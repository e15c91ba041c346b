//! Checks pages: the choices that they offer to customers must exist, and the engine must keep
//! them.

use crate::model::Name;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::Either;
use crate::policy::decode::Named;
use crate::policy::document::Pages;
use crate::policy::documents::Documents;
use crate::policy::problem::Problems;
use crate::policy::rules::Family;
use crate::policy::value::Title;
use crate::policy::yaml::quoted;

use super::world::World;

/// The longest break, and the longest stretch in which a cadence counts.
const SPAN_MAX: Span = Span::from_days(400);
/// The maximum numbers of choices of one kind, and of brands.
const CHOICES_MAX: usize = 12;
const BRANDS_MAX: usize = 64;

pub(super) fn check(documents: &Documents, world: &World<'_>, problems: &mut Problems) {
    titles(documents, problems);
    let pages = documents.own.iter().filter_map(|document| document.pages.as_ref());
    for pages in pages {
        offered(pages, documents, world, problems);
        choices(pages, problems);
        if let Some((name, _)) = pages.brands.iter().nth(BRANDS_MAX) {
            let message = format!("a policy has at most {BRANDS_MAX} brands, and this is one more");
            problems.error(name.position, message, "remove those that send nothing");
        }
    }
}

/// A named choice must exist, and a customer must be able to refuse it.
fn offered(pages: &Pages, documents: &Documents, world: &World<'_>, problems: &mut Problems) {
    for purpose in pages.purposes.iter().flat_map(|it| it.iter()) {
        world.purpose(purpose, purpose.position, problems);
        let known = documents.purposes().find(|(name, _)| name.value == purpose.value);
        let Some((_, known)) = known else { continue };
        let exempt = known.exempt.iter().any(|family| family.value == Family::OptOuts);
        if exempt {
            let message = format!(
                "{} is exempt from `opt_outs`: what a page offers to refuse must be kept",
                quoted(purpose)
            );
            problems.error(purpose.position, message, "remove it here, or the exemption");
        }
    }
    for channel in pages.channels.iter().flat_map(|it| it.iter()) {
        world.channel(channel, channel.position, problems);
    }
    for channel in &pages.confirm {
        world.channel(channel, channel.position, problems);
        let is_offered = pages.channels.as_ref().is_none_or(|listed| has(listed, &channel.value));
        if !is_offered {
            let message = format!("{} is confirmed and not offered", quoted(channel));
            problems.error(channel.position, message, "add it to `channels`, or remove it here");
        }
    }
    for occasion in pages.occasions.iter().flatten() {
        world.occasion(occasion, problems);
    }
    let lists = [
        ("purposes", pages.purposes.as_deref()),
        ("channels", pages.channels.as_deref()),
        ("confirm", Some(pages.confirm.as_slice())),
        ("occasions", pages.occasions.as_deref()),
    ];
    for (key, list) in lists {
        let list = list.unwrap_or_default();
        for (position, name) in list.iter().enumerate() {
            if list.iter().take(position).any(|other| other.value == name.value) {
                let message = format!("{} stands in `{key}` twice", quoted(name));
                problems.error(name.position, message, "keep one of the two");
            }
        }
    }
}

fn has(list: &[At<Name>], name: &Name) -> bool {
    list.iter().any(|it| it.value == *name)
}

fn choices(pages: &Pages, problems: &mut Problems) {
    let cadence: &[_] = pages.cadence.as_deref().unwrap_or_default();
    let breaks: &[_] = pages.breaks.as_deref().unwrap_or_default();
    let spans = cadence.iter().map(|it| &it.per).chain(breaks);
    for span in spans.filter(|span| span.value > SPAN_MAX) {
        let message = format!("`{}` is longer than customers' wishes reach", span.value);
        problems.error(span.position, message, format!("write at most `{SPAN_MAX}`"));
    }
    for span in breaks.iter().filter(|span| !span.value.is_whole_days()) {
        let message = format!("a break of `{}` is not whole days", span.value);
        problems.error(span.position, message, "write days, such as `14d`");
    }
    let excess = cadence.get(CHOICES_MAX).map(|it| it.position);
    let excess = excess.or_else(|| breaks.get(CHOICES_MAX).map(|it| it.position));
    if let Some(position) = excess {
        let message = format!("there are more than {CHOICES_MAX} to choose from");
        problems.error(position, message, "remove some");
    }
}

/// The languages of titles.
fn titles(documents: &Documents, problems: &mut Problems) {
    let topics = documents.own.iter().filter_map(|it| it.topics.as_ref()).flatten();
    let topics = topics.filter_map(|topic| match topic {
        Either::Short(_) => None,
        Either::Long(topic) => Some(&topic.title),
    });
    let channels = documents.channels().map(|(_, it)| &it.title);
    let purposes = documents.purposes().map(|(_, it)| &it.title);
    let occasions = documents.occasions().map(|it| &it.title);
    let titles: Vec<&Named<Title>> =
        channels.chain(purposes).chain(topics).chain(occasions).collect();
    for (language, _) in titles.into_iter().flat_map(Named::iter) {
        let mut parts = language.split('-');
        let primary = parts.next().unwrap_or_default();
        let is_tag = matches!(primary.len(), 2 | 3)
            && primary.bytes().all(|it| it.is_ascii_lowercase())
            && parts.all(|it| {
                matches!(it.len(), 1..=8) && it.bytes().all(|b| b.is_ascii_alphanumeric())
            });
        if !is_tag {
            let message = format!("{} is not a language", quoted(language));
            problems.error(
                language.position,
                message,
                "write a BCP 47 tag, such as `en` or `pt-BR`",
            );
        }
    }
    for dates in documents.holiday_sets() {
        if let Some((language, _)) = dates.title.iter().next() {
            let message = "a set of holidays has no title: customers are not offered it";
            problems.error(language.position, message, "remove `title`");
        }
    }
}
