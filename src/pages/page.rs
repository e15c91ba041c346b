//! One page: plain HTML, no scripts, readable by screen readers and on the smallest screen.

use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderMap;
use http::HeaderValue;
use http::StatusCode;
use http::header;

use super::FIELD;
use super::words::Text;
use super::words::Words;

/// Nothing is loaded from anywhere, nothing is kept, and no other site learns of the link.
const HEADERS: [(header::HeaderName, &str); 6] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; \
         base-uri 'none'",
    ),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::VARY, "accept-language"),
];

/// A page in the language that the browser asks for.
pub(super) fn page(status: StatusCode, headers: &HeaderMap, text: Text<'_>) -> Response {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    let words = Words::of(asked.unwrap_or_default());
    let mut response = (status, html(words, text)).into_response();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

fn html(words: &Words, text: Text<'_>) -> String {
    let (title, sentence) = words.say(text);
    let comes = match text {
        Text::Ask(promise) | Text::Done(promise) => {
            format!("<p>{}</p>\n", promise.comes(words).join(" "))
        }
        Text::Failed | Text::Unknown | Text::Expired => String::new(),
    };
    let button = match text {
        Text::Ask(_) | Text::Failed => {
            let (name, value) = FIELD;
            format!(
                "<form method=\"post\">\n<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n\
                 <button type=\"submit\">{}</button>\n</form>\n",
                words.button
            )
        }
        Text::Done(_) | Text::Unknown | Text::Expired => String::new(),
    };
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p role=\"status\">{sentence}</p>\n{comes}{button}</main>\n</body>\n</html>\n",
        words.language
    )
}

const STYLE: &str = "\
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 12vh auto; padding: 0 1.25rem; }
button { font: inherit; padding: .75rem 1.5rem; border: 0; border-radius: .5rem; background: #1a4fb4;
  color: #fff; cursor: pointer; }
button:focus-visible { outline: 3px solid #f5a623; outline-offset: 3px; }
";
