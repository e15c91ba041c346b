//! Where a request or a reply of Redis's protocol ends.

/// The length of the first whole one, if there is a whole one.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let line = bytes.windows(2).position(|pair| pair == b"\r\n")? + 2;
    let number = || std::str::from_utf8(&bytes[1..line - 2]).ok()?.parse::<i64>().ok();
    let count = |each: usize| Some(usize::try_from(number()?).unwrap_or(0) * each);
    let items = match bytes[0] {
        // Texts of a length; less than none is null.
        b'$' | b'=' | b'!' => {
            let whole = usize::try_from(number()?).map_or(line, |length| line + length + 2);
            return (bytes.len() >= whole).then_some(whole);
        }
        b'*' | b'~' | b'>' => count(1)?,
        b'%' => count(2)?,
        // Attributes come before what they are about.
        b'|' => count(2)? + 1,
        // Everything else is a line.
        _ => 0,
    };
    (0..items).try_fold(line, |end, _| Some(end + length(&bytes[end..])?))
}

/// Whether it answers no request.
pub(super) fn is_push(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'>')
}

#[test]
fn frames_end_where_they_should() {
    let frames = [
        "*1\r\n$4\r\nPING\r\n",
        "+OK\r\n",
        "-ERR no\r\n",
        ":1\r\n",
        "$-1\r\n",
        "*-1\r\n",
        "$0\r\n\r\n",
        "$2\r\n\r\n\r\n",
        "*2\r\n*1\r\n:1\r\n$1\r\na\r\n",
        "%1\r\n+a\r\n*0\r\n",
        ">2\r\n+a\r\n+b\r\n",
        "_\r\n",
        "|1\r\n+a\r\n+b\r\n:1\r\n",
    ];
    for frame in frames {
        let more = format!("{frame}+OK\r\n");
        assert_eq!(length(more.as_bytes()), Some(frame.len()), "{frame:?}");
        for end in 0..frame.len() {
            assert_eq!(length(&frame.as_bytes()[..end]), None, "{frame:?} to {end}");
        }
    }
}
