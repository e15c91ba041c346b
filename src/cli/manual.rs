//! `courtesy completions` and `courtesy man`: for shells, and for those who read manuals.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use clap_complete::Shell;

use crate::cli::Error;
use crate::cli::Outcome;
use crate::cli::files::is_standard;

/// The arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// The arguments of `man`.
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// Where to write a page for each command, such as courtesy-check.1; without it, the page of
    /// `courtesy` itself is printed
    #[arg(long, value_name = "DIRECTORY")]
    out: Option<PathBuf>,
}

pub(crate) fn completions(args: &Completions, out: &mut dyn Write) -> Result<Outcome, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "courtesy", &mut script);
    out.write_all(&script)?;
    Ok(Outcome::Yes)
}

pub(crate) fn man(args: &Man, out: &mut dyn Write) -> Result<Outcome, Error> {
    // Pages about `help` would only say how to get the others.
    let mut command = super::command().disable_help_subcommand(true);
    command.build();
    match args.out.as_deref().filter(|path| !is_standard(path)) {
        None => clap_mangen::Man::new(command).render(out)?,
        Some(directory) => write_pages(&command, directory)?,
    }
    Ok(Outcome::Yes)
}

fn write_pages(command: &clap::Command, directory: &Path) -> Result<(), Error> {
    let failed = |source| Error::WriteFile { path: directory.display().to_string(), source };
    fs::create_dir_all(directory).map_err(failed)?;
    clap_mangen::generate_to(command.clone(), directory).map_err(failed)
}
