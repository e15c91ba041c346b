//! Loads a policy from texts: read, decode, check, compile.

use std::sync::Arc;

use super::Policy;
use super::check;
use super::compile;
use super::document::Document;
use super::documents;
use super::documents::Documents;
use super::problem::Problems;
use super::source::Source;
use crate::zone::Zones;

/// The most documents of one policy, presets aside.
pub(super) const DOCUMENTS_MAX: usize = 100;

impl Policy {
    /// The policy that some documents describe, and what is doubtful about them. Its revision is 0.
    ///
    /// # Errors
    /// Every mistake of every document. What the documents mean together is checked once they are
    /// all well-formed, so that no mistake is reported that only follows from another; what a rule
    /// means alone is checked in any case.
    pub fn load(sources: &[Source], zones: &Arc<Zones>) -> Result<(Self, Problems), Problems> {
        load(sources, zones, Problems::default())
    }

    /// The policy that documents describe which have been in force: mistakes that an earlier
    /// version of courtesy has accepted are warnings, so that an upgrade leaves no tenant without a
    /// policy.
    ///
    /// # Errors
    /// As for [`Self::load`].
    pub fn load_stored(
        sources: &[Source],
        zones: &Arc<Zones>,
    ) -> Result<(Self, Problems), Problems> {
        load(sources, zones, Problems::of_stored())
    }

    /// Refuses a policy under which no contact can be asked for. `documents` are those that it was
    /// made from.
    ///
    /// # Errors
    /// The missing declarations.
    pub fn must_declare(&self, documents: &[Source]) -> Result<(), Problems> {
        let missing = match (self.channels.is_empty(), self.purposes.is_empty()) {
            (false, false) => return Ok(()),
            (true, false) => "channel",
            (false, true) => "purpose",
            (true, true) => "channel and no purpose",
        };
        let name = documents.first().map_or("policy", Source::name);
        let message =
            format!("the policy declares no {missing}, so that every call would be refused");
        let help = "declare what there is under `channels` and `purposes`, or name the document \
                    that does too";
        Err(Problems::of_file(name, &message, help))
    }
}

fn load(
    sources: &[Source],
    zones: &Arc<Zones>,
    mut problems: Problems,
) -> Result<(Policy, Problems), Problems> {
    let own = own_documents(sources, &mut problems);
    let (documents, mut problems) = checked(own, zones, problems)?;
    check::advise(&documents, zones, &mut problems);
    Ok((compile::compile(&documents, zones), problems))
}

/// The documents in these sources that can be read.
pub(super) fn own_documents(sources: &[Source], problems: &mut Problems) -> Vec<Document> {
    if let Some(excess) = sources.get(DOCUMENTS_MAX) {
        let start = problems.add(excess);
        let message = format!("a policy has at most {DOCUMENTS_MAX} documents");
        problems.error(start, message, "put some of them together");
        return Vec::new();
    }
    sources.iter().filter_map(|source| documents::read(source, problems)).collect()
}

/// The documents with their presets, if there is no mistake in them.
pub(super) fn checked(
    own: Vec<Document>,
    zones: &Zones,
    mut problems: Problems,
) -> Result<(Documents, Problems), Problems> {
    let well_formed = !problems.has_errors();
    let documents = Documents::with_presets(own, &mut problems);
    if well_formed {
        check::check(&documents, zones, &mut problems);
    } else {
        check::each(&documents, &mut problems);
    }
    if problems.has_errors() { Err(problems) } else { Ok((documents, problems)) }
}
