//! Compiles the pages for customers, with their defaults.

use crate::model::Name;
use crate::model::Span;
use crate::policy::decode::At;
use crate::policy::decode::Either;
use crate::policy::decode::Named;
use crate::policy::document;
use crate::policy::documents::Documents;
use crate::policy::rules::Channel;
use crate::policy::rules::Family;
use crate::policy::rules::OCCASIONS_FIRST;
use crate::policy::rules::Pages;
use crate::policy::rules::Purpose;
use crate::policy::rules::Sender;
use crate::policy::rules::Title;
use crate::policy::rules::Titles;
use crate::policy::value;

/// The breaks that are offered where no document lists any, in days.
const BREAKS: [u32; 3] = [14, 30, 90];
/// The stretches in which at most one message comes where no document lists any, in days.
const CADENCE: [u32; 2] = [7, 30];

pub(super) fn pages(documents: &Documents, channels: &[Channel], purposes: &[Purpose]) -> Pages {
    let pages = documents.own.iter().find_map(|document| document.pages.as_ref());
    let pages = pages.map(|it| &it.value);
    let purposes = purposes.iter().filter(|purpose| {
        pages.and_then(|it| it.purposes.as_ref()).map_or_else(
            || !purpose.exempt.contains(Family::OptOuts) && !purpose.replies,
            |listed| listed.iter().any(|it| it.value == purpose.name),
        )
    });
    let channels = channels.iter().map(|channel| channel.name.clone()).filter(|name| {
        let listed = pages.and_then(|it| it.channels.as_ref());
        listed.is_none_or(|listed| listed.iter().any(|it| it.value == *name))
    });
    let cadence = pages.and_then(|it| it.cadence.as_ref());
    let breaks = pages.and_then(|it| it.breaks.as_ref());
    let occasions = pages.and_then(|it| it.occasions.as_ref());
    let first = || OCCASIONS_FIRST.iter().filter_map(|name| Name::new(name).ok()).collect();
    let brands = pages.into_iter().flat_map(|it| it.brands.iter());
    Pages {
        sender: pages.map(own_sender).unwrap_or_default(),
        brands: brands.map(|(name, brand)| (name.value.clone(), brand_sender(brand))).collect(),
        purposes: purposes.map(|purpose| purpose.name.clone()).collect(),
        channels: channels.collect(),
        topics: topics(documents),
        confirm: pages.map(|it| names(&it.confirm)).unwrap_or_default(),
        cadence: cadence.map_or_else(
            || CADENCE.iter().map(|days| (1, Span::from_days(*days))).collect(),
            |listed| listed.iter().map(|it| (*it.limit, *it.per)).collect(),
        ),
        breaks: breaks.map_or_else(
            || BREAKS.iter().copied().map(Span::from_days).collect(),
            |listed| listed.iter().map(|it| it.value).collect(),
        ),
        occasions: occasions.map_or_else(first, |listed| names(listed)),
        own_date: pages.and_then(|it| it.own_date).unwrap_or(true),
        history: pages.and_then(|it| it.history).unwrap_or_default(),
        titles: titles(documents),
    }
}

/// The topics, each once, in the order of the documents.
fn topics(documents: &Documents) -> Vec<Name> {
    let listed = documents.own.iter().filter_map(|it| it.topics.as_ref()).flatten();
    let mut topics: Vec<Name> = Vec::new();
    for topic in listed {
        let name = &topic.name().value;
        if !topics.contains(name) {
            topics.push(name.clone());
        }
    }
    topics
}

fn names(listed: &[At<Name>]) -> Vec<Name> {
    listed.iter().map(|it| it.value.clone()).collect()
}

fn own_sender(pages: &document::Pages) -> Sender {
    Sender {
        name: pages.name.as_ref().map(|it| it.0.clone()),
        address: pages.address.as_ref().map(|it| it.0.clone()),
        privacy_url: pages.privacy_url.as_ref().map(|it| it.0.clone()),
        colour: pages.colour.as_ref().map(|it| it.0.clone()),
    }
}

fn brand_sender(brand: &document::Brand) -> Sender {
    Sender {
        name: Some(brand.name.0.clone()),
        address: brand.address.as_ref().map(|it| it.0.clone()),
        privacy_url: brand.privacy_url.as_ref().map(|it| it.0.clone()),
        colour: brand.colour.as_ref().map(|it| it.0.clone()),
    }
}

fn titles(documents: &Documents) -> Titles {
    let named = |(name, title): (&Name, &Named<value::Title>)| (name.clone(), self::title(title));
    let topics = documents.own.iter().filter_map(|it| it.topics.as_ref()).flatten();
    let topics = topics.filter_map(|topic| match topic {
        Either::Short(_) => None,
        Either::Long(topic) => Some((&topic.name.value, &topic.title)),
    });
    let channels = documents.channels().map(|(name, it)| (&name.value, &it.title));
    let purposes = documents.purposes().map(|(name, it)| (&name.value, &it.title));
    let occasions = documents.occasions().map(|it| (&it.name.value, &it.title));
    Titles {
        channels: channels.map(named).collect(),
        purposes: purposes.map(named).collect(),
        topics: topics.map(named).collect(),
        occasions: occasions.map(named).collect(),
    }
}

fn title(written: &Named<value::Title>) -> Title {
    let texts = written.iter();
    texts.map(|(language, text)| (Box::from(language.to_lowercase()), text.0.clone())).collect()
}
