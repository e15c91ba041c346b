//! The encoding of a list. All later stages read UTF-8. A byte that is invalid in the list's own
//! encoding becomes one that is invalid in UTF-8 too, so that its row is refused.

use std::fmt;
use std::io;
use std::io::Read;
use std::str::FromStr;

use encoding_rs::Decoder;
use encoding_rs::DecoderResult;
use encoding_rs::Encoding;
use encoding_rs::UTF_8;
use encoding_rs::UTF_16BE;
use encoding_rs::UTF_16LE;

/// The byte-order mark that Windows programs put before text in UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF_32_MARKS: [&[u8]; 2] = [b"\xff\xfe\0\0", b"\0\0\xfe\xff"];
const MARKS: [(&[u8], &Encoding); 3] =
    [(BYTE_ORDER_MARK, UTF_8), (b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)];
/// A byte that no UTF-8 text has.
const MEANINGLESS: u8 = 0xff;
const BUFFER_BYTES: usize = 16 << 10;

/// The advice about the encoding, for messages.
pub(crate) const HINT: &str = "if an older program or Excel wrote the file, say \
                               `--encoding windows-1252`, or save it as \"CSV UTF-8\"";

/// The encoding of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charset(&'static Encoding);

impl FromStr for Charset {
    type Err = String;

    fn from_str(label: &str) -> Result<Self, String> {
        let found = Encoding::for_label_no_replacement(label.as_bytes());
        found.map(Self).ok_or_else(|| {
            "is not an encoding of the Encoding Standard: write utf-8, utf-16le, utf-16be, \
             windows-1252, iso-8859-1, iso-8859-15, windows-1250, windows-1251, macintosh, \
             shift_jis, gbk or euc-kr"
                .to_owned()
        })
    }
}

impl fmt::Debug for Charset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// The beginning of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    /// The length of its byte-order mark.
    pub(super) mark: usize,
    pub(super) charset: Charset,
}

impl Beginning {
    /// The encoding, by a list's first bytes, or an error. A byte-order mark overrides
    /// `--encoding`.
    pub(super) fn of(bytes: &[u8], told: Option<Charset>) -> Result<Self, String> {
        if UTF_32_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
            return Err("is UTF-32; save it as UTF-8".to_owned());
        }
        if bytes.starts_with(b"PK\x03\x04") {
            let what = "is a workbook or a zip archive; save it as CSV, or unpack it";
            return Err(what.to_owned());
        }
        if let Some((mark, encoding)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
            return Ok(Self { mark: mark.len(), charset: Charset(encoding) });
        }
        if let Some(charset) = told {
            return Ok(Self { mark: 0, charset });
        }
        match without_mark(bytes) {
            Some(label) => Err(format!(
                "looks like UTF-16 without a mark: say `--encoding {label}`, or save it as UTF-8"
            )),
            None => Ok(Self { mark: 0, charset: Charset(UTF_8) }),
        }
    }
}

impl Charset {
    /// Whether nothing has to be converted.
    pub(super) fn is_utf_8(self) -> bool {
        self.0 == UTF_8
    }

    /// The bytes of a list as UTF-8.
    pub(super) fn translated(self, from: Box<dyn Read>) -> Box<dyn Read> {
        if self.is_utf_8() {
            return from;
        }
        let decoder = self.0.new_decoder_without_bom_handling();
        Box::new(Translated { from, decoder, raw: Vec::new(), ended: false, text: Vec::new() })
    }
}

/// The byte order of UTF-16 without a mark, by the zeros between its letters.
fn without_mark(bytes: &[u8]) -> Option<&'static str> {
    let zeros = |first: usize| {
        let of_these = bytes.iter().skip(first).step_by(2);
        of_these.filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let many = bytes.len() / 4;
    match bytes.len() {
        0..4 => None,
        _ if odd > many && even == 0 => Some("utf-16le"),
        _ if even > many && odd == 0 => Some("utf-16be"),
        _ => None,
    }
}

struct Translated {
    from: Box<dyn Read>,
    decoder: Decoder,
    /// The bytes that were read and not converted yet.
    raw: Vec<u8>,
    ended: bool,
    /// The text that was converted and not taken yet.
    text: Vec<u8>,
}

impl Read for Translated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text.is_empty() && !(self.ended && self.raw.is_empty()) {
            self.translate()?;
        }
        let count = self.text.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(self.text.drain(..count)) {
            *to = from;
        }
        Ok(count)
    }
}

impl Translated {
    fn translate(&mut self) -> io::Result<()> {
        if self.raw.is_empty() {
            let more = u64::try_from(BUFFER_BYTES).unwrap_or(u64::MAX);
            self.ended = self.from.by_ref().take(more).read_to_end(&mut self.raw)? == 0;
        }
        let mut text = vec![0; self.raw.len() * 3 + 16];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(&self.raw, &mut text, self.ended);
        text.truncate(written);
        self.raw.drain(..read);
        if matches!(result, DecoderResult::Malformed(..)) {
            text.push(MEANINGLESS);
        }
        self.text = text;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(charset: &str, bytes: &'static [u8]) -> Vec<u8> {
        let charset: Charset = charset.parse().unwrap();
        let mut text = Vec::new();
        charset.translated(Box::new(bytes)).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn what_means_nothing_stays_meaningless() {
        assert_eq!(read("windows-1252", b"Ren\xe9 \x80"), "René €".as_bytes());
        assert_eq!(read("latin1", b"\xe9"), "é".as_bytes());
        assert_eq!(read("utf-16le", b"\xe9\0,\0"), "é,".as_bytes());
        assert_eq!(read("utf-16be", b"\0a\xd8\x00\0b"), b"a\xffb");
        assert_eq!(read("utf-16le", b"a\0b"), b"a\xff");
        assert_eq!(read("shift_jis", b"\x82\xa0"), "あ".as_bytes());
        assert!("klingon".parse::<Charset>().unwrap_err().contains("windows-1252"));
    }

    #[test]
    fn a_mark_counts_for_more_than_what_is_told() {
        let of = |bytes: &[u8], told: Option<&str>| {
            let told = told.map(|label| label.parse().unwrap());
            Beginning::of(bytes, told).map(|it| (it.mark, format!("{:?}", it.charset)))
        };
        assert_eq!(of(b"\xff\xfei\0", Some("utf-8")), Ok((2, "UTF-16LE".to_owned())));
        assert_eq!(of(b"\xef\xbb\xbfid", Some("latin1")), Ok((3, "UTF-8".to_owned())));
        assert_eq!(of(b"id\n", Some("latin1")), Ok((0, "windows-1252".to_owned())));
        assert!(of(b"i\0d\0\n\0", None).unwrap_err().contains("utf-16le"));
        assert!(of(b"\0i\0d\0\n", None).unwrap_err().contains("utf-16be"));
        assert!(of(b"\xff\xfe\0\0i\0\0\0", None).unwrap_err().contains("UTF-32"));
        assert!(of(b"PK\x03\x04", None).unwrap_err().contains("workbook"));
        assert_eq!(of(b"id\0", None), Ok((0, "UTF-8".to_owned())));
    }
}
