//! A form of a page, as a browser without scripts reads and posts it.

/// The header of what is posted.
pub(crate) const TYPE: &str = "content-type: application/x-www-form-urlencoded";

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// What a browser posts of a page's form when nothing is touched.
pub(crate) fn fields(body: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut select: Option<(String, Option<String>)> = None;
    for tag in body.split('<').skip(1).map(|it| it.split('>').next().unwrap()) {
        if tag.starts_with("input") {
            let kind = attribute(tag, "type").unwrap();
            if kind == "hidden" || tag.ends_with(" checked") {
                let (name, value) = (attribute(tag, "name"), attribute(tag, "value"));
                fields.push((name.unwrap().to_owned(), value.unwrap().to_owned()));
            }
        } else if tag.starts_with("select") {
            select = Some((attribute(tag, "name").unwrap().to_owned(), None));
        } else if tag.starts_with("option") {
            let (_, chosen) = select.as_mut().unwrap();
            if chosen.is_none() || tag.ends_with(" selected") {
                *chosen = Some(attribute(tag, "value").unwrap_or("0").to_owned());
            }
        } else if tag.starts_with("/select") {
            let (name, value) = select.take().unwrap();
            fields.push((name, value.unwrap()));
        }
    }
    fields
}

pub(crate) fn encode(fields: &[(String, String)]) -> String {
    let escaped = |text: &str| -> String {
        let bytes = text.bytes().map(|it| match it {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(it).to_string(),
            other => format!("%{other:02X}"),
        });
        bytes.collect()
    };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

pub(crate) fn without(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    let before = fields.len();
    fields.retain(|it| *it != (name.to_owned(), value.to_owned()));
    assert_eq!(fields.len() + 1, before, "{name} {value} was ticked");
}

pub(crate) fn with(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    fields.push((name.to_owned(), value.to_owned()));
}

/// What stands between the tags.
pub(crate) fn text(body: &str) -> String {
    let parts = body.split('<').map(|it| it.split_once('>').map_or("", |(_, text)| text));
    parts.filter(|it| !it.trim().is_empty()).collect::<Vec<_>>().join(" ")
}
