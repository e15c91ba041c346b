//! The presets that ship.

use tonic::Status;

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

fn message(preset: &Preset) -> v1::Preset {
    v1::Preset {
        name: preset.name.to_owned(),
        description: preset.description(),
        text: preset.text.to_owned(),
    }
}
