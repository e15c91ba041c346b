//! The presets that ship.

use tonic::Status;

use crate::model::Day;
use crate::policy::Confidence;
use crate::policy::preset;
use crate::policy::preset::Preset;
use crate::proto::v1;
use crate::rpc::convert::page;
use crate::rpc::convert::violations::Violations;

/// Answers `ListPresets`.
pub(super) fn list(request: &v1::ListPresetsRequest) -> Result<v1::ListPresetsResponse, Status> {
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size);
    let after = violations.page_name(request.page_token.as_deref());
    violations.finish(Some(()))?;
    let (presets, next_page_token) =
        page::by_name(preset::all().to_vec(), |it| it.name, size, after.as_ref());
    let presets = presets.iter().map(message).collect();
    Ok(v1::ListPresetsResponse { presets, next_page_token })
}

fn source((what, seen): (String, Day)) -> v1::PresetSource {
    v1::PresetSource { what, seen_date: seen.to_string() }
}

fn message(preset: &Preset) -> v1::Preset {
    let about = preset.about();
    v1::Preset {
        name: preset.name.to_owned(),
        description: about.description,
        reviewed_date: about.reviewed.map(|day| day.to_string()).unwrap_or_default(),
        confidence: about.confidence.map_or("", Confidence::as_str).to_owned(),
        sources: about.sources.into_iter().map(source).collect(),
        leaves_out: about.leaves_out,
        text: preset.text.to_owned(),
    }
}
