//! Packed lists: what gzip and zstd wrote is known by its first bytes, whatever the file is called.

use std::io;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::errors::ReadFrameHeaderError;

use crate::cli::rows::source::Bytes;

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// The plain bytes of a packed list; `None` if the list is not packed.
pub(super) fn unpacked(beginning: &[u8], bytes: Bytes) -> Option<Box<dyn Read>> {
    if beginning.starts_with(GZIP) {
        Some(Box::new(MultiGzDecoder::new(bytes)))
    } else if beginning.starts_with(ZSTD) {
        Some(Box::new(Frames { bytes, frame: None }))
    } else {
        None
    }
}

/// The frames of a zstd file, one behind the other.
struct Frames {
    bytes: Bytes,
    frame: Option<StreamingDecoder<Bytes, FrameDecoder>>,
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.frame.is_none() && !self.begin()? {
                return Ok(0);
            }
            let Some(frame) = &mut self.frame else { continue };
            let count = frame.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            self.end()?;
        }
    }
}

impl Frames {
    /// Begins the next frame that holds something; false at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            let mut next = self.bytes.clone();
            if next.read(&mut [0])? == 0 {
                return Ok(false);
            }
            match StreamingDecoder::new(self.bytes.clone()) {
                Ok(frame) => {
                    self.frame = Some(frame);
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => self.bytes.skip(u64::from(length) + 8),
                Err(error) => return Err(io::Error::other(error.to_string())),
            }
        }
    }

    /// Ends a frame: what it says of itself must be what was read.
    fn end(&mut self) -> io::Result<()> {
        let Some(frame) = self.frame.take() else { return Ok(()) };
        let (bytes, decoder) = frame.into_parts();
        self.bytes = bytes;
        let told = decoder.get_checksum_from_data();
        if told.is_some() && told != decoder.get_calculated_checksum() {
            return Err(io::Error::other("the zstd file is damaged: its checksum is another"));
        }
        Ok(())
    }
}
