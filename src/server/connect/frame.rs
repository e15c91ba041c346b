//! gRPC's frame around a message: a flag that it is compressed, and its length in four bytes.

use bytes::BufMut;
use bytes::Bytes;
use bytes::BytesMut;

const HEAD_BYTES: usize = 5;

/// The frame around `message`, which is short enough for it: requests are bounded far below.
pub(super) fn around(message: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(HEAD_BYTES.saturating_add(message.len()));
    frame.put_u8(0);
    frame.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    frame.put_slice(message);
    frame.freeze()
}

/// The one message of an uncompressed body.
pub(super) fn message(body: &Bytes) -> Option<Bytes> {
    let (head, rest) = body.split_first_chunk::<HEAD_BYTES>()?;
    let [flag, length @ ..] = head;
    let fits = usize::try_from(u32::from_be_bytes(*length)) == Ok(rest.len());
    (*flag == 0 && fits).then(|| body.slice(HEAD_BYTES..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_out_of_its_frame() {
        for text in ["", "a", "a message"] {
            assert_eq!(message(&around(text.as_bytes())).unwrap(), text);
        }
    }

    #[test]
    fn what_is_not_one_whole_message_is_none() {
        for body in [
            &[][..],
            &[0, 0, 0, 0],
            &[0, 0, 0, 0, 1],
            &[0, 0, 0, 0, 0, 7],
            &[1, 0, 0, 0, 1, 7],
            &[0, 255, 255, 255, 255, 7],
        ] {
            assert_eq!(message(&Bytes::copy_from_slice(body)), None, "{body:?}");
        }
    }
}
