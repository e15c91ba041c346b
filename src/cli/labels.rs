//! The labels of contacts on the command line.

use crate::model::Labels;
use crate::model::Name;
use crate::model::label::labels_of;

/// The labels of a contact.
#[derive(Debug, clap::Args)]
pub(super) struct LabelArgs {
    /// The topic of the contact
    #[arg(long, value_parser = Name::new)]
    topic: Option<Name>,
    /// The campaign of the contact
    #[arg(long, value_parser = Name::new)]
    campaign: Option<Name>,
    /// The brand of the contact
    #[arg(long, value_parser = Name::new)]
    brand: Option<Name>,
}

/// The labels of which contacts may have one.
#[derive(Debug, clap::Args)]
pub(super) struct LabelListArgs {
    /// Only this topic
    #[arg(long, value_name = "NAME")]
    topic: Vec<String>,
    /// Only this campaign
    #[arg(long, value_name = "NAME")]
    campaign: Vec<String>,
    /// Only this brand
    #[arg(long, value_name = "NAME")]
    brand: Vec<String>,
}

impl LabelArgs {
    /// The labels.
    pub(super) fn labels(&self) -> Labels<Option<Name>> {
        labels_of!(&self).map(Clone::clone)
    }
}

impl LabelListArgs {
    /// Each list.
    pub(super) fn lists(&self) -> Labels<Vec<String>> {
        labels_of!(&self).map(Clone::clone)
    }
}
