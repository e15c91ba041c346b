//! `courtesy inbound`: what customers write, and how it is understood.

use std::io::Write;

use serde_json::json;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files;
use crate::cli::output;
use crate::cli::remote::received;
use crate::inbound;
use crate::inbound::Explanation;
use crate::inbound::Match;
use crate::inbound::Meaning;
use crate::inbound::Operator;

/// A message, or a command about messages.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Inbound {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    received: received::Args,
}

/// The commands about what customers write.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show what a message means: its words as they are compared, and the line that decided
    Explain(Explain),
}

/// The arguments of `inbound explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The message; `-` is standard input
    text: String,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(inbound: &Inbound, out: &mut dyn Write) -> Result<Outcome, Error> {
    let Some(Command::Explain(args)) = &inbound.command else {
        return received::run(&inbound.received, out);
    };
    let text = files::text(&args.text)?;
    let explanation = inbound::explain(&text, &Operator::default());
    if args.json {
        output::write_json(&to_json(&explanation), out)?;
    } else {
        write(&explanation, out)?;
    }
    Ok(Outcome::Yes)
}

fn write(explanation: &Explanation, out: &mut dyn Write) -> Result<(), Error> {
    for clause in &explanation.clauses {
        let words: Vec<&str> = clause.iter().map(|it| it.word.as_str()).collect();
        writeln!(out, "clause   {}", words.join(" "))?;
        let mut table = output::table(["  word", "classes"]);
        for token in clause {
            table.add_row([format!("  {}", token.word), token.classes.join(", ")]);
        }
        output::write_table(&table, out)?;
    }
    let (name, detail, because) = parts(&explanation.meaning);
    writeln!(out, "meaning  {} {}", name, detail.unwrap_or_default())?;
    if let Some(because) = because {
        writeln!(out, "because  {because}")?;
        writeln!(out, "line     {}: {}", place(because), because.phrase)?;
        if let Some(source) = because.source {
            writeln!(out, "source   {source}")?;
        }
    }
    Ok(())
}

fn to_json(explanation: &Explanation) -> serde_json::Value {
    let (name, detail, because) = parts(&explanation.meaning);
    let clauses: Vec<_> = explanation
        .clauses
        .iter()
        .map(|clause| {
            let words = clause.iter().map(|it| json!({"word": it.word, "classes": it.classes}));
            words.collect::<Vec<_>>()
        })
        .collect();
    json!({
        "meaning": name,
        "detail": detail,
        "words": because.map(|it| &it.words),
        "language": because.map(|it| it.language.code()),
        "place": because.map(place),
        "line": because.map(|it| it.phrase),
        "source": because.and_then(|it| it.source),
        "clauses": clauses,
    })
}

/// The meaning's name, the scope or the doubt, and the match that shows it.
fn parts(meaning: &Meaning) -> (&'static str, Option<String>, Option<&Match>) {
    match meaning {
        Meaning::Stop { breadths, because } => {
            let breadths: Vec<String> =
                breadths.iter().map(|it| format!("{it:?}").to_lowercase()).collect();
            ("stop", Some(breadths.join(", ")), Some(because))
        }
        Meaning::Start { because } => ("start", None, Some(because)),
        Meaning::Yes { because } => ("yes", None, Some(because)),
        Meaning::Help { because } => ("help", None, Some(because)),
        Meaning::Unclear { doubt, because } => {
            ("unclear", Some(doubt.name().to_owned()), Some(because))
        }
        Meaning::Preference { wish, because } => {
            ("preference", Some(format!("{wish:?}")), Some(because))
        }
        Meaning::Other => ("other", None, None),
    }
}

/// `en.tsv:70`
fn place(because: &Match) -> String {
    because.place.map_or_else(
        || "no line of a table".to_owned(),
        |place| format!("{}:{}", place.file, place.line),
    )
}
