//! The frame of every screen.

use axum::response::IntoResponse;
use axum::response::Response;
use http::HeaderValue;
use http::StatusCode;
use http::header;
use maud::DOCTYPE;
use maud::Markup;
use maud::html;

use crate::html::Loads;
use crate::html::guard;

/// A screen of the menu: its address, its name, and the methods of which a caller needs one.
pub(super) struct Screen {
    pub(super) path: &'static str,
    pub(super) name: &'static str,
    pub(super) needs: &'static [&'static str],
}

/// The menu.
pub(super) const SCREENS: &[Screen] = &[
    Screen { path: "/", name: "Overview", needs: &["PolicyService/DescribePolicy"] },
    Screen {
        path: "/customers",
        name: "Customers",
        needs: &["CustomerService/GetCustomer", "CustomerService/ExportCustomer"],
    },
    Screen { path: "/policy", name: "Policy", needs: &["PolicyService/GetPolicy"] },
    Screen { path: "/calendar", name: "Calendar", needs: &["PolicyService/ListOccasions"] },
    Screen { path: "/pauses", name: "Pauses", needs: &["PolicyService/ListPauses"] },
    Screen { path: "/decisions", name: "Decisions", needs: &["PolicyService/WatchDecisions"] },
    Screen { path: "/replies", name: "Replies", needs: &["CustomerService/ListUnclearMessages"] },
    Screen { path: "/pressure", name: "Pressure", needs: &["PolicyService/DescribePressure"] },
    Screen { path: "/audit", name: "Audit", needs: &["PolicyService/ListAuditEvents"] },
];

/// The head of a screen.
pub(super) struct Head {
    /// The pauses that hold.
    pub(super) pauses: Markup,
    /// The screens that the caller may see.
    pub(super) screens: Vec<&'static Screen>,
    /// The address of the one that is shown.
    pub(super) at: &'static str,
    /// The user, and the tenant that is looked at.
    pub(super) who: Markup,
}

/// A screen, or the page in its place.
pub(super) fn screen(
    status: StatusCode,
    head: Option<&Head>,
    title: &str,
    body: &Markup,
) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – courtesy" }
                link rel="stylesheet" href="/console.css";
                script src="/console.js" defer {}
            }
            body {
                a class="skip" href="#main" { "Skip to the content" }
                @if let Some(head) = head {
                    (head.pauses)
                    header class="top" {
                        a class="brand" href="/" { "courtesy" }
                        nav aria-label="Main" { ul {
                            @for it in &head.screens {
                                li {
                                    a href=(it.path)
                                        aria-current=[(it.path == head.at).then_some("page")] {
                                        (it.name)
                                    }
                                }
                            }
                        } }
                        div class="who" { (head.who) }
                    }
                } @else {
                    header class="top" { a class="brand" href="/" { "courtesy" } }
                }
                main id="main" tabindex="-1" { (body) }
            }
        }
    };
    sent(status, document)
}

fn sent(status: StatusCode, document: Markup) -> Response {
    let response = (status, document.into_string()).into_response();
    guard(response, Loads::Script, "text/html; charset=utf-8")
}

/// The interval at which a board on the wall is drawn again, in seconds.
const WALL_PERIOD: u16 = 15;

/// A board for the wall: large, without controls, drawn anew by itself.
pub(super) fn wall(title: &str, body: &Markup) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en" class="wall" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – courtesy" }
                link rel="stylesheet" href="/console.css";
            }
            body { main id="main" { h1 class="visually-hidden" { (title) } (body) } }
        }
    };
    let mut response = sent(StatusCode::OK, document);
    response.headers_mut().insert(header::REFRESH, HeaderValue::from(WALL_PERIOD));
    response
}

/// A page without a menu.
pub(super) fn plain(status: StatusCode, title: &str, says: &Markup) -> Response {
    let body = html! { h1 { (title) } (says) };
    screen(status, None, title, &body)
}
