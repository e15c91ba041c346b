//! `docs/presets.md`, made of what the presets say about themselves.

use std::io;
use std::io::Write;

use crate::cli::output::wrapped;
use crate::policy::Confidence;
use crate::policy::preset;
use crate::policy::preset::About;
use crate::policy::preset::Part;

const INTRODUCTION: &str = "\
# Presets

Laws' hours, limits and consents, ready to be included in a policy: `include: [us-tcpa, us-fl]`.
This page is made of the presets by `courtesy policy presets --markdown`; none of it is legal
advice.

How sure a preset is: **high** where the text of the law or its regulator was read, **medium** where
the text was quoted by others or told by several, **low** where one vendor or newspaper says so. A
preset of low confidence makes `policy validate` warn. What is doubtful is left out, or read in the
stricter way; each preset says which.

What presets read of contacts and customers, and how registries are imported, is in
[The policy language](policy-language.md#what-presets-read).
";

/// The maximum length of the page's lines, apart from single words.
const COLUMNS: u16 = 100;

/// Writes the page.
pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(INTRODUCTION.as_bytes())?;
    for preset in preset::all() {
        let about = preset.about();
        writeln!(out, "\n## {}\n\n{}\n", preset.name, lines("", &about.description))?;
        write_facts(&about, out)?;
    }
    Ok(())
}

fn write_facts(about: &About, out: &mut dyn Write) -> io::Result<()> {
    let reviewed = about.reviewed.map(|day| day.to_string()).unwrap_or_default();
    let confidence = about.confidence.map_or("", Confidence::as_str);
    writeln!(out, "- Confidence: **{confidence}**. Reviewed {reviewed}.")?;
    if !about.includes.is_empty() {
        writeln!(out, "{}", lines("- ", &format!("Includes: {}.", about.includes.join(", "))))?;
    }
    for part in &about.parts {
        let text = format!("`{}` ({}), {}: {}", part.name, part.family, since(part), part.source);
        writeln!(out, "{}", lines("- ", &text))?;
    }
    for (what, seen) in &about.sources {
        writeln!(out, "{}", lines("- ", &format!("Source, as of {seen}: {what}")))?;
    }
    for left_out in &about.leaves_out {
        writeln!(out, "{}", lines("- ", &format!("Leaves out: {left_out}")))?;
    }
    Ok(())
}

/// A paragraph, or an item of a list behind its mark, in lines of at most [`COLUMNS`].
fn lines(mark: &str, text: &str) -> String {
    format!("{mark}{}", wrapped(text, Some(COLUMNS), mark.len(), mark.len()).trim_start())
}

/// The dates on which a part is in force.
fn since(part: &Part) -> String {
    match (part.effective.from, part.effective.until) {
        (Some(from), Some(until)) => format!("from {from} to {until}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(until)) => format!("until {until}"),
        (None, None) => "no date stated".to_owned(),
    }
}
