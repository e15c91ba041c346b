//! A contact on the command line.

use crate::cli::labels::LabelArgs;
use crate::cli::values;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::contact::PRIORITY_DEFAULT;
use crate::model::label::labels_of;
use crate::proto::v1;
use crate::rpc::convert::time::timestamp;

/// What describes a contact, its channel aside.
#[derive(Debug, clap::Args)]
pub(crate) struct ContactArgs {
    /// The purpose of the contact, one that the policy declares
    #[arg(long, value_parser = Name::new)]
    purpose: Name,
    #[command(flatten)]
    labels: LabelArgs,
    /// An occasion that the contact is about; may be repeated
    #[arg(long = "occasion", value_name = "OCCASION", value_parser = Name::new)]
    occasions: Vec<Name>,
    /// The priority of the contact, from 0 to 100; rules may select by it
    #[arg(long, default_value_t = PRIORITY_DEFAULT,
          value_parser = clap::value_parser!(u8).range(0..=100))]
    priority: u8,
    /// An attribute of the contact, for content rules; may be repeated
    #[arg(long = "attribute", value_name = "KEY=VALUE", value_parser = attribute)]
    attributes: Vec<(Name, String)>,
    /// The time of the contact, such as 2026-11-22T15:00:00Z; without it, now
    #[arg(long, value_name = "TIME", value_parser = values::instant)]
    at: Option<Instant>,
}

impl ContactArgs {
    /// The time of the contact, if that is not now.
    pub(crate) const fn at(&self) -> Option<Instant> {
        self.at
    }

    /// The contact, for the engine.
    pub(crate) fn on(&self, channel: &Name) -> Contact {
        Contact {
            channel: channel.clone(),
            purpose: self.purpose.clone(),
            labels: self.labels.labels(),
            occasions: self.occasions.clone(),
            priority: self.priority,
            attributes: self.attributes.iter().cloned().collect(),
        }
    }

    /// The contact, for the API. Without a channel it can only be planned.
    pub(crate) fn to_message(&self, customer_id: &str, channel: Option<&Name>) -> v1::Contact {
        let attributes =
            self.attributes.iter().map(|(key, value)| (key.to_string(), value.clone()));
        let mut message = v1::Contact {
            customer_id: customer_id.to_owned(),
            channel: channel.map(ToString::to_string).unwrap_or_default(),
            purpose: self.purpose.to_string(),
            occasions: self.occasions.iter().map(ToString::to_string).collect(),
            priority: Some(u32::from(self.priority)),
            attributes: attributes.collect(),
            contact_time: self.at.map(timestamp),
            ..v1::Contact::default()
        };
        labels_of!(message) = self.labels.labels().map(|name| name.map(|it| it.to_string()));
        message
    }
}

fn attribute(text: &str) -> Result<(Name, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, such as automated=true")?;
    let key = Name::new(key).map_err(|error| error.to_string())?;
    Ok((key, value.to_owned()))
}
