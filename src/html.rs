//! HTML for people: one frame for every page, its style sheet, and its headers. A page has no
//! script and no style of its own, whatever it shows, and every text is escaped.

use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderName;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use maud::DOCTYPE;
use maud::Markup;
use maud::html;

/// The resources that a page may load.
#[derive(Clone, Copy, Debug)]
pub enum Loads {
    /// Our own style sheet and images.
    Style,
    /// Our own script too, and what it asks for on its own port.
    Script,
}

impl Loads {
    /// The content security policy.
    const fn policy(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Style => {
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                 frame-ancestors 'none'; base-uri 'none'"
            }
            Self::Script => {
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                 connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
            }
        })
    }
}

/// Nothing is kept, and no other site learns of the link.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::VARY, "accept-language"),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
];

/// The style sheet, with the colour of buttons that ships.
const STYLE: &str = include_str!("html/style.css");
const COLOUR: &str = "#1a4fb4";

/// One page.
#[derive(Debug)]
pub struct Page<'a> {
    /// The language of its words.
    pub language: &'a str,
    /// The title of the page.
    pub title: &'a str,
    /// The site that shows it.
    pub site: Option<&'a str>,
    /// The address of the style sheet.
    pub style: &'a str,
    /// The address of the site's logo, if there is one.
    pub logo: Option<&'a str>,
    /// The content, below the title.
    pub body: Markup,
    /// The foot of the page.
    pub foot: Option<Markup>,
}

/// A page as it is sent.
#[must_use]
pub fn answer(status: StatusCode, page: &Page<'_>) -> Response {
    let text = document(page).into_string();
    guard((status, text).into_response(), Loads::Style, "text/html; charset=utf-8")
}

/// An answer with the headers that all of them have.
#[must_use]
pub fn guard(mut response: Response, loads: Loads, content_type: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_SECURITY_POLICY, loads.policy());
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The whole document.
#[must_use]
pub fn document(page: &Page<'_>) -> Markup {
    let Page { language, title, site, style, logo, body, foot } = page;
    html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) @if let Some(site) = site { " – " (site) } }
                link rel="stylesheet" href=(style);
            }
            body {
                div class="sheet" {
                    @if site.is_some() || logo.is_some() {
                        header class="who" {
                            @if let Some(logo) = logo { img src=(logo) alt=""; }
                            @if let Some(site) = site { span { (site) } }
                        }
                    }
                    main { h1 { (title) } (body) }
                    @if let Some(foot) = foot { footer { (foot) } }
                }
            }
        }
    }
}

/// The style sheet, with buttons of a colour as six digits; `None` if that is not a colour.
#[must_use]
pub fn stylesheet(colour: Option<&str>) -> Option<Response> {
    let style = match colour {
        None => STYLE.to_owned(),
        Some(digits) if digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_hexdigit()) => {
            STYLE.replace(COLOUR, &format!("#{digits}"))
        }
        Some(_) => return None,
    };
    Some(resource("text/css; charset=utf-8", style.into_bytes()))
}

/// A resource that pages load.
#[must_use]
pub fn resource(content_type: &'static str, bytes: Vec<u8>) -> Response {
    guard(bytes.into_response(), Loads::Style, content_type)
}

/// The answer to browsers that ask for a picture by themselves: there is none, and that is not an
/// error.
#[must_use]
pub fn no_picture() -> Response {
    guard(StatusCode::NO_CONTENT.into_response(), Loads::Style, "image/x-icon")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_escaped_and_a_style_sheet_takes_no_other_text() {
        let page = Page {
            language: "en",
            title: "<b>&\"",
            site: Some("</title><script>"),
            style: "style.css",
            logo: None,
            body: html! { p { "a<b" } },
            foot: None,
        };
        let text = document(&page).into_string();
        assert!(text.contains("<h1>&lt;b&gt;&amp;&quot;</h1>"), "{text}");
        assert!(text.contains("a&lt;b") && !text.contains("<script") && !text.contains("style="));
        assert!(STYLE.contains(COLOUR) && stylesheet(Some("00aaff")).is_some());
        for none in ["00aaf", "red;}x", "0123456", "ümläu"] {
            assert!(stylesheet(Some(none)).is_none(), "{none}");
        }
    }
}
