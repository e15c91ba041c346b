//! The contacts that an operator selects.

use super::violations::Path;
use super::violations::Violations;
use crate::calendar;
use crate::engine::Undeclared;
use crate::model::Jurisdiction;
use crate::model::Label;
use crate::model::Name;
use crate::model::label::label_lists_of;
use crate::model::pause::Selection;
use crate::model::pause::selection_as;
use crate::policy::Policy;
use crate::proto::v1;

/// The most elements of a list.
const LIST_MAX: usize = 100;

impl Violations {
    /// The contacts that are meant, all of them without a selector.
    pub fn selection(
        &mut self,
        path: Path,
        selector: Option<&v1::ContactSelector>,
        policy: &Policy,
    ) -> Selection {
        let Some(it) = selector else { return Selection::default() };
        let selection = Selection {
            channels: self.names(path, "channels", &it.channels, LIST_MAX),
            purposes: self.names(path, "purposes", &it.purposes, LIST_MAX),
            labels: Label::ALL
                .zip(label_lists_of!(&it))
                .map(|(label, names)| self.names(path, label.list(), names, LIST_MAX)),
            occasions: self.names(path, "occasions", &it.occasions, LIST_MAX),
            jurisdictions: self.codes(path, &it.jurisdictions),
            segments: self.names(path, "segments", &it.segments, LIST_MAX),
            priority_at_least: self.within(path, "priority_at_least", it.priority_at_least, 0),
            priority_below: self.within(path, "priority_below", it.priority_below, 1),
        };
        self.selected(path, &selection, policy);
        selection
    }

    fn codes(&mut self, path: Path, codes: &[String]) -> Vec<Jurisdiction> {
        self.at_most(path, "jurisdictions", codes.len(), LIST_MAX);
        let mut known = Vec::new();
        for (position, code) in codes.iter().take(LIST_MAX).enumerate() {
            let field = format!("jurisdictions[{position}]");
            known.extend(self.jurisdiction(path, &field, code));
        }
        known
    }

    /// The code of a country or of a part of one.
    pub(super) fn jurisdiction(
        &mut self,
        path: Path,
        field: &str,
        code: &str,
    ) -> Option<Jurisdiction> {
        let known = Jurisdiction::new(code).ok().flatten();
        let known = known.filter(|it| calendar::is_jurisdiction(it.as_str()));
        if known.is_none() {
            let meant = calendar::meant_jurisdiction(code);
            let meant = meant.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
            self.add(
                path,
                field,
                format!("is not an ISO 3166 code such as `FR` or `US-FL`{meant}"),
            );
        }
        known
    }

    fn within(&mut self, path: Path, field: &str, value: Option<u32>, least: u8) -> Option<u8> {
        let value = value?;
        let within = u8::try_from(value).ok().filter(|it| (least..=100).contains(it));
        if within.is_none() {
            self.add(path, field, format!("must be from {least} to 100"));
        }
        within
    }

    /// Notes what the policy does not declare: there will be no such contacts, so it is a mistake.
    fn selected(&mut self, path: Path, selection: &Selection, policy: &Policy) {
        let channel = |it: &Name| Undeclared::check_channel(policy, it).err();
        let purpose = |it: &Name| Undeclared::check_purpose(policy, it).err();
        let topic = |it: &Name| Undeclared::labels(policy, Some(it), &[]).next();
        let occasion =
            |it: &Name| Undeclared::labels(policy, None, std::slice::from_ref(it)).next();
        let mut undeclared = at("channels", &selection.channels, channel);
        undeclared.extend(at("purposes", &selection.purposes, purpose));
        undeclared.extend(at("topics", &selection.labels.topic, topic));
        undeclared.extend(at("occasions", &selection.occasions, occasion));
        for (field, undeclared) in undeclared {
            self.add_undeclared_as(path, &field, &undeclared);
        }
    }
}

/// The elements of a list that are not declared, by their fields.
fn at(
    list: &str,
    names: &[Name],
    check: impl Fn(&Name) -> Option<Undeclared>,
) -> Vec<(String, Undeclared)> {
    let checked = names.iter().enumerate();
    checked.filter_map(|(i, name)| Some((format!("{list}[{i}]"), check(name)?))).collect()
}

/// The message of what is meant.
#[must_use]
pub fn selector(selection: &Selection) -> v1::ContactSelector {
    selection_as!(v1::ContactSelector, selection)
}
