//! The documents that a command line names: files, directories, and `-` for standard input.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::Error;
use crate::files;
use crate::files::Sort;
use crate::policy::Problems;
use crate::policy::Source;

/// What means standard input.
const STDIN: &str = "-";

/// The policies in files and directories, or what is wrong with the first that is no text.
pub(crate) fn read_all(paths: &[PathBuf]) -> Result<Result<Vec<Source>, Problems>, Error> {
    let paths = expanded(paths, Sort::Policies)?;
    paths.iter().map(|path| read(path)).collect()
}

/// The files that are meant: those of a sort in the place of a directory.
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
    if path == Path::new(STDIN) {
        let unreadable = |source| Error::Read { path: "standard input".to_owned(), source };
        return files::text("standard input", io::stdin().lock()).map_err(unreadable);
    }
    Ok(files::read(path)?)
}
