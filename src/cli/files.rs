//! The documents that a command line names: files, directories, and `-` for standard input. Where
//! a file is to be written, `-` is standard output.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::Error;
use crate::files;
use crate::files::Sort;
use crate::policy::Problems;
use crate::policy::Source;

/// The name for standard input and standard output.
const STANDARD: &str = "-";

/// Whether a path is the name for standard input or standard output.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD
}

/// A text that is given as a word; `-` is all of standard input.
pub(crate) fn text(word: &str) -> Result<String, Error> {
    if word != STANDARD {
        return Ok(word.to_owned());
    }
    let unreadable = |source| Error::Read { path: "standard input".to_owned(), source };
    io::read_to_string(io::stdin().lock()).map_err(unreadable)
}

/// The policies in files and directories, or what is wrong with the first that is not text.
pub(crate) fn read_all(paths: &[PathBuf]) -> Result<Result<Vec<Source>, Problems>, Error> {
    let paths = expanded(paths, Sort::Policies)?;
    paths.iter().map(|path| read(path)).collect()
}

/// The policies in files and directories that can be read, and what is wrong with the others; and
/// whether a file could not be read at all.
pub(crate) fn read_each(paths: &[PathBuf]) -> Result<(Vec<Source>, Problems, bool), Error> {
    let (mut sources, mut problems, mut is_unread) = (Vec::new(), Problems::default(), false);
    for path in paths {
        let found = expanded(std::slice::from_ref(path), Sort::Policies);
        for path in found? {
            match read(&path) {
                Ok(Ok(source)) => sources.push(source),
                Ok(Err(wrong)) => problems = problems.and(wrong),
                Err(error) => {
                    is_unread = true;
                    let why = std::error::Error::source(&error).map(ToString::to_string);
                    let name = path.display().to_string();
                    problems = problems.and(Problems::unreadable(&name, &why.unwrap_or_default()));
                }
            }
        }
    }
    Ok((sources, problems, is_unread))
}

/// The files that are meant: a directory is replaced by its files of a kind.
pub(crate) fn expanded(paths: &[PathBuf], sort: Sort) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let found = files::documents(path, sort)?;
        if found.is_empty() {
            let what = match sort {
                Sort::Policies => "policy, a file that ends with .yaml, .yml or .json",
                Sort::Tests => "test, a file that ends with _test.yaml, _test.yml or _test.json",
            };
            return Err(Error::Input(format!("`{}` holds no {what}", path.display())));
        }
        files.extend(found);
    }
    Ok(files)
}

/// The text of a file or of standard input, or what is wrong with it.
pub(crate) fn read(path: &Path) -> Result<Result<Source, Problems>, Error> {
    if is_standard(path) {
        let unreadable = |source| Error::Read { path: "standard input".to_owned(), source };
        return files::text("standard input", io::stdin().lock()).map_err(unreadable);
    }
    Ok(files::read(path)?)
}
