//! The output of the log.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use tokio::runtime::Builder;
use tokio::runtime::Runtime;

use super::Error;
use crate::secret::owner_only;
use crate::store::redis::setting;
use crate::store::redis::stream::Stream;

/// The place of a log.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file, with one event on each line. It is made if it is missing, and its content stays.
    File(PathBuf),
    /// A stream of a Redis, which keeps about this number of events.
    Stream(Box<setting::Setting>, u64),
}

/// A log that is open.
pub(super) enum Sink {
    File {
        file: File,
        /// Whether the last line may have lost its end.
        torn: bool,
    },
    Stream(Box<(Runtime, Stream)>),
}

impl Sink {
    pub(super) fn open(place: &Place) -> Result<Self, Error> {
        match place {
            Place::File(path) => {
                let file = owner_only().append(true).open(path);
                let wrong =
                    |it: std::io::Error| Error::Place(path.display().to_string(), it.to_string());
                Ok(Self::File { file: file.map_err(wrong)?, torn: false })
            }
            Place::Stream(setting, length_max) => {
                let wrong = |why| Error::Place(setting.address.to_string(), why);
                let stream = Stream::new(setting, "decisions", *length_max).map_err(wrong)?;
                // The last thing that can fail: a runtime cannot be dropped inside another one.
                let runtime = Builder::new_current_thread().enable_all().build();
                Ok(Self::Stream(Box::new((runtime.map_err(Error::Thread)?, stream))))
            }
        }
    }

    /// Writes events; those of a failure count as lost, although some may have been written.
    pub(super) fn write(&mut self, lines: &[Vec<u8>]) -> Result<(), String> {
        match self {
            Self::File { file, torn } => {
                let mut text = if *torn { vec![b'\n'] } else { Vec::new() };
                for line in lines {
                    text.extend_from_slice(line);
                    text.push(b'\n');
                }
                let written = file.write_all(&text);
                *torn = written.is_err();
                written.map_err(|error| error.to_string())
            }
            Self::Stream(open) => {
                let (runtime, stream) = &**open;
                runtime.block_on(stream.append(lines))
            }
        }
    }
}
