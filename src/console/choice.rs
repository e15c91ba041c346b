//! The choices of forms, and selectors in words.

use maud::Markup;
use maud::html;

use crate::model::Label;
use crate::model::label::label_lists_of;
use crate::proto::v1;

/// A choice among names.
pub(super) fn select(label: &str, name: &str, options: &[String], chosen: &str) -> Markup {
    html! {
        label { (label)
            select name=(name) {
                @for it in options {
                    option value=(it) selected[it == chosen] {
                        @if it.is_empty() { "any" } @else { (it) }
                    }
                }
            }
        }
    }
}

/// The contacts that a selector matches, in words; everything if it is empty.
pub(super) fn selected(selector: Option<&v1::ContactSelector>) -> String {
    let Some(it) = selector else { return "everything".to_owned() };
    let labels = Label::ALL.map(Label::as_str).zip(label_lists_of!(&it));
    let others =
        [("occasion", &it.occasions), ("law of", &it.jurisdictions), ("segment", &it.segments)];
    let plain = [&it.channels, &it.purposes].into_iter().filter(|names| !names.is_empty());
    let named = labels.into_iter().chain(others).filter(|(_, names)| !names.is_empty());
    let mut parts: Vec<String> = plain.map(|names| names.join(" or ")).collect();
    parts.extend(named.map(|(what, names)| format!("{what} {}", names.join(" or "))));
    parts.extend(it.priority_at_least.map(|least| format!("priority {least} or more")));
    parts.extend(it.priority_below.map(|below| format!("priority below {below}")));
    if parts.is_empty() { "everything".to_owned() } else { parts.join(", ") }
}
