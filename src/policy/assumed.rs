//! Defaults from names: a purpose is taken for marketing, and a channel for one of a kind, by the
//! words of its name in English, Spanish, French, German, Portuguese and Italian.
//!
//! These are guesses, and `validate` reports them. A document that sets `marketing` and `kind`
//! needs none.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::document::Channel;
use super::document::Purpose;
use super::rules::ChannelKind;
use super::rules::PurposeKind;

/// Whether a purpose is marketing.
pub(super) fn marketing(name: &str, purpose: &Purpose) -> bool {
    purpose.marketing.unwrap_or_else(|| names_marketing(name))
}

/// The kinds of a purpose; it may be marketing and collection at once.
pub(super) fn purpose_kinds(name: &str, purpose: &Purpose) -> Vec<PurposeKind> {
    let collection = purpose.collection.unwrap_or(name == "collection");
    match (marketing(name, purpose), collection) {
        (true, true) => vec![PurposeKind::Marketing, PurposeKind::Collection],
        (true, false) => vec![PurposeKind::Marketing],
        (false, true) => vec![PurposeKind::Collection],
        (false, false) => vec![PurposeKind::Other],
    }
}

/// The kind of a channel; `None` if neither the document nor the name shows it.
pub(super) fn kind(name: &str, channel: &Channel) -> Option<ChannelKind> {
    channel.kind.or_else(|| names_kind(name))
}

/// Whether one of the words of a name is a word for marketing.
pub(super) fn names_marketing(name: &str) -> bool {
    let is_marketing =
        |word: &String| MARKETING.contains(&word.as_str()) || word.starts_with("werbe");
    words(name).iter().any(is_marketing)
}

/// The one kind that the words of a name show; `None` if they show two.
pub(super) fn names_kind(name: &str) -> Option<ChannelKind> {
    let words = words(name);
    let mut told: Option<ChannelKind> = None;
    let mut position = 0;
    while let Some(rest) = words.get(position..).filter(|rest| !rest.is_empty()) {
        let found = KINDS.iter().filter_map(|(kind, phrases)| {
            let longest = phrases.iter().filter_map(|phrase| length(phrase, rest)).max();
            longest.map(|length| (length, *kind))
        });
        let found = found.max_by_key(|(length, _)| *length);
        match found {
            Some((_, kind)) if told.is_some_and(|told| told != kind) => return None,
            Some((length, kind)) => {
                told = Some(kind);
                position += length;
            }
            None => position += 1,
        }
    }
    told
}

/// The number of words in a phrase, if a name goes on with it.
fn length(phrase: &str, words: &[String]) -> Option<usize> {
    let length = phrase.split(' ').count();
    let begins = words.len() >= length && phrase.split(' ').zip(words).all(|(it, word)| it == word);
    begins.then_some(length)
}

/// The words of a name, in lower case and without accents: `outboundCalls` has two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in name.nfkd().filter(|it| !is_combining_mark(*it)) {
        if !letter.is_alphanumeric() || was_lower && letter.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        was_lower = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Words that only marketing is called by.
const MARKETING: [&str; 62] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "advertisements",
    "advertising",
    "adverts",
    "crosssell",
    "deals",
    "marketing",
    "newsletter",
    "newsletters",
    "offer",
    "offers",
    "promo",
    "promos",
    "promotion",
    "promotional",
    "promotions",
    "remarketing",
    "retargeting",
    "telemarketing",
    "upsell",
    "winback",
    // Spanish
    "boletin",
    "boletines",
    "mercadeo",
    "mercadotecnia",
    "oferta",
    "ofertas",
    "promocion",
    "promocional",
    "promocionales",
    "promociones",
    "publicidad",
    "publicitaria",
    "publicitario",
    // French
    "demarchage",
    "infolettre",
    "offre",
    "offres",
    "promotionnel",
    "promotionnelle",
    "pub",
    "publicitaires",
    "publicite",
    "publicites",
    // German
    "angebot",
    "angebote",
    "reklame",
    "vermarktung",
    "werbung",
    // Portuguese
    "promocao",
    "promocionais",
    "promocoes",
    "propaganda",
    "publicidade",
    // Italian
    "offerta",
    "offerte",
    "promozionale",
    "promozioni",
    "pubblicita",
];

/// Words that only one kind of channel is called by. `mail` is a letter in one language and an
/// e-mail in another, so it tells nothing by itself.
const KINDS: [(ChannelKind, &[&str]); 6] = [
    (
        ChannelKind::Post,
        &[
            "direct mail",
            "postal mail",
            "snail mail",
            "mail piece",
            "post",
            "postal",
            "postcard",
            "postcards",
            "letter",
            "letters",
            "correo postal",
            "carta",
            "cartas",
            "courrier",
            "courrier postal",
            "lettre",
            "lettres",
            "brief",
            "briefe",
            "briefpost",
            "postkarte",
            "postkarten",
            "correio",
            "lettera",
            "lettere",
            "posta",
        ],
    ),
    (
        ChannelKind::Email,
        &[
            "email",
            "emails",
            "e mail",
            "e mails",
            "mails",
            "correo electronico",
            "correo",
            "courriel",
            "courriels",
            "courrier electronique",
            "correio eletronico",
            "correio electronico",
            "posta elettronica",
        ],
    ),
    (
        ChannelKind::Text,
        &[
            "sms",
            "mms",
            "rcs",
            "text",
            "texts",
            "txt",
            "text message",
            "text messages",
            "texto",
            "textos",
            "mensaje de texto",
            "textnachricht",
            "textnachrichten",
            "mensagem de texto",
            "messaggio di testo",
        ],
    ),
    (
        ChannelKind::Call,
        &[
            "voice",
            "voicemail",
            "phone",
            "phones",
            "call",
            "calls",
            "telephone",
            "robocall",
            "robocalls",
            "ivr",
            "voz",
            "telefono",
            "llamada",
            "llamadas",
            "voix",
            "appel",
            "appels",
            "telefon",
            "anruf",
            "anrufe",
            "telefone",
            "chamada",
            "chamadas",
            "ligacao",
            "ligacoes",
            "voce",
            "chiamata",
            "chiamate",
            "telefonata",
            "telefonate",
        ],
    ),
    (
        ChannelKind::Push,
        &[
            "push",
            "in app",
            "inapp",
            "notification",
            "notifications",
            "notificacion",
            "notificaciones",
            "benachrichtigung",
            "benachrichtigungen",
            "notificacao",
            "notificacoes",
            "notifica",
            "notifiche",
        ],
    ),
    (
        ChannelKind::Messenger,
        &[
            "messenger",
            "whatsapp",
            "whats app",
            "telegram",
            "signal",
            "viber",
            "wechat",
            "imessage",
            "chat",
        ],
    ),
];

#[cfg(test)]
mod tests;
