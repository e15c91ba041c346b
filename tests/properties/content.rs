//! Content rules: the expression library, asked anew each time.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use cel::Context;
use cel::Env;
use cel::Program;
use cel::Value;
use jiff::Zoned;

use crate::spec::Contact;
use crate::spec::Spec;

#[derive(Clone)]
pub(crate) struct Expression {
    text: String,
    env: Arc<Env>,
    program: Arc<Program>,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl Expression {
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let env = Arc::new(Env::stdlib());
        let program = Arc::new(env.compile(text).map_err(|error| error.to_string())?);
        Ok(Self { text: text.to_owned(), env, program })
    }

    pub(crate) fn needs_a_clock(&self) -> bool {
        self.text.contains("at.hour") || self.text.contains("at.minute")
    }

    /// What fails to evaluate denies.
    pub(crate) fn denies(&self, spec: &Spec, contact: &Contact, now: &Zoned) -> bool {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let list = |names: Vec<String>| Value::from(names);
        let asked: HashMap<&str, Value> = HashMap::from([
            ("channel", contact.channel.clone().into()),
            ("purpose", contact.purpose.clone().into()),
            ("topic", optional(&contact.topic).into()),
            ("campaign", optional(&contact.campaign).into()),
            ("brand", optional(&contact.brand).into()),
            ("occasions", list(contact.occasions.iter().cloned().collect())),
            ("priority", i64::from(contact.priority).into()),
            ("attributes", self.attributes(&contact.attributes)),
        ]);
        let customer: HashMap<&str, Value> = HashMap::from([
            ("segments", list(spec.customer.segments.iter().cloned().collect())),
            ("jurisdictions", list(spec.jurisdictions.clone())),
            ("attributes", self.attributes(&spec.customer.attributes)),
        ]);
        let at: HashMap<&str, Value> = HashMap::from([
            ("hour", i64::from(now.hour()).into()),
            ("minute", i64::from(now.minute()).into()),
        ]);
        let mut context = Context::with_env(Arc::clone(&self.env));
        context.add_variable_from_value("contact", asked);
        context.add_variable_from_value("customer", customer);
        context.add_variable_from_value("at", at);
        !matches!(self.program.execute(&context), Ok(Value::Bool(false)))
    }

    /// The attributes, with `""` for those that the expression names and the case does not set.
    fn attributes(&self, given: &BTreeMap<String, String>) -> Value {
        let named = self.text.split("attributes[\"").skip(1);
        let mut all: HashMap<String, Value> = named
            .map(|rest| (rest.split('"').next().unwrap_or_default().to_owned(), "".into()))
            .collect();
        all.extend(given.iter().map(|(key, value)| (key.clone(), value.as_str().into())));
        Value::from(all)
    }
}
