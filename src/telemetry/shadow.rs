//! Metrics of the denials that rules in shadow would have made, by rule. Operators name rules, and
//! name new ones with every revision, so only a limited number of names become labels.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The name of the rule.
type ShadowLabels = [(&'static str, String); 1];

/// The number of rules with a label of their own.
const RULES_MAX: usize = 200;
/// The label of all other rules together. No rule has this name, which has a space at its end.
const OTHERS: &str = "others ";
/// Reactions without a name. No rule has this one either.
const NAMELESS: &str = "";

/// The counter.
#[derive(Debug, Default)]
pub(super) struct Denials {
    family: Family<ShadowLabels, Counter>,
    rules: Mutex<BTreeSet<String>>,
}

impl Denials {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let denials = Self::default();
        registry.register(
            "courtesy_shadow_denials",
            "Decisions that a rule in shadow would have denied, by rule",
            denials.family.clone(),
        );
        denials
    }

    pub(super) fn count(&self, rule: Option<&str>) {
        let rule = rule.map_or(NAMELESS, |rule| if self.is_told(rule) { rule } else { OTHERS });
        self.family.get_or_create(&[("rule", rule.to_owned())]).inc();
    }

    /// Whether a rule has a label of its own.
    fn is_told(&self, rule: &str) -> bool {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.contains(rule) || (rules.len() < RULES_MAX && rules.insert(rule.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_rules_are_told_apart() {
        let denials = Denials::register(&mut Registry::default());
        for number in 0..RULES_MAX + 5 {
            denials.count(Some(&format!("rule-{number}")));
        }
        denials.count(Some("rule-0"));
        denials.count(None);
        let counted = |rule: &str| denials.family.get_or_create(&[("rule", rule.to_owned())]).get();
        assert_eq!((counted("rule-0"), counted("rule-199")), (2, 1));
        assert_eq!((counted(OTHERS), counted(NAMELESS)), (5, 1));
    }
}
