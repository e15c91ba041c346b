//! Reports problems with rows as they come: the first ones on the screen, and all of them in a
//! file.

use std::fs::File;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::Path;

use crate::cli::Error;
use crate::cli::files::is_standard;
use crate::cli::rows::Problem;
use crate::cli::rows::escaped;
use crate::secret::owner_only;

/// The number of problems of one run that are shown.
const SHOWN_MAX: u64 = 20;

/// The output for sums: standard output, unless that has the problems.
pub(crate) fn sums_to<'a>(
    errors: Option<&Path>,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
) -> &'a mut dyn Write {
    if errors.is_some_and(is_standard) { err } else { out }
}

/// The problems that were reported.
#[derive(Debug)]
pub(crate) struct Problems {
    errors: Option<csv::Writer<BufWriter<File>>>,
    shown: u64,
}

impl Problems {
    /// Opens the file for problems, if one is wanted; work that continues adds to it. `-` is
    /// standard output.
    pub(crate) fn start(errors: Option<&Path>, resume: bool) -> Result<Self, Error> {
        let Some(path) = errors else { return Ok(Self { errors: None, shown: 0 }) };
        let unwritable = |source| Error::WriteFile { path: path.display().to_string(), source };
        let is_standard = is_standard(path);
        let file = if is_standard {
            io::stdout().as_fd().try_clone_to_owned().map(File::from)
        } else {
            owner_only().write(true).append(resume).truncate(!resume).open(path)
        };
        let file = file.map_err(unwritable)?;
        let is_new = is_standard || file.metadata().map_err(unwritable)?.len() == 0;
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        if is_new {
            let header = ["file", "line", "column", "problem"];
            writer.write_record(header).map_err(io::Error::other)?;
        }
        Ok(Self { errors: Some(writer), shown: 0 })
    }

    /// Reports a refused row.
    pub(crate) fn refused(
        &mut self,
        (file, line): (&str, u64),
        problems: &[Problem],
        err: &mut dyn Write,
    ) -> Result<(), Error> {
        for Problem { place, what } in problems {
            if let Some(errors) = &mut self.errors {
                let place = place.as_deref().unwrap_or_default();
                let record = [file, &line.to_string(), &escaped(place), &escaped(what)];
                errors.write_record(record).map_err(io::Error::other)?;
            }
            self.shown += 1;
            let colon = place.as_ref().map(|place| format!(", {place}:")).unwrap_or_default();
            if self.shown <= SHOWN_MAX {
                writeln!(err, "{file}, line {line}{colon} {what}")?;
            } else if self.shown == SHOWN_MAX + 1 {
                writeln!(err, "and more; --errors FILE keeps all of them")?;
            }
        }
        Ok(())
    }

    /// Makes sure that the file has all reported problems.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.errors.as_mut().map_or(Ok(()), csv::Writer::flush).map_err(Error::Write)
    }
}
