//! Lists are counted however the bytes arrive.

use std::sync::LazyLock;

use prost::Message;
use prost_reflect::DescriptorPool;
use tonic::Code;

use super::*;
use crate::proto::DESCRIPTORS;
use crate::proto::v1;

fn descriptor() -> MessageDescriptor {
    static POOL: LazyLock<DescriptorPool> =
        LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS).unwrap());
    POOL.get_message_by_name("courtesy.v1.BatchCheckContactsRequest").unwrap()
}

fn request(count: usize) -> v1::BatchCheckContactsRequest {
    let full = v1::Contact {
        customer_id: "ada".repeat(50),
        channel: "email".to_owned(),
        purpose: "marketing".to_owned(),
        ..Default::default()
    };
    let contacts =
        (0..count).map(|it| if it % 3 == 0 { full.clone() } else { v1::Contact::default() });
    let tenant = Some("default".to_owned());
    v1::BatchCheckContactsRequest { contacts: contacts.collect(), tenant, ..Default::default() }
}

/// What becomes of bytes that arrive in pieces of this length.
fn seen(bytes: &[u8], is_framed: bool, piece: usize) -> Result<(), Status> {
    let mut elements = Elements::new(descriptor(), is_framed);
    for piece in bytes.chunks(piece) {
        elements.see(piece)?;
    }
    if is_framed { Ok(()) } else { elements.finish() }
}

fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap();
    [&[0][..], &length.to_be_bytes(), message].concat()
}

#[test]
fn a_list_that_is_too_long_is_told_with_its_name_and_its_length() {
    for (count, refused) in [(0, false), (1, false), (1_000, false), (1_001, true), (7_000, true)] {
        let message = request(count).encode_to_vec();
        for piece in [1, 2, 3, 7, 1_000, usize::MAX] {
            let told = [seen(&message, false, piece), seen(&framed(&message), true, piece)];
            for told in told {
                assert_eq!(told.is_err(), refused, "{count} in pieces of {piece}");
                if let Err(status) = told {
                    assert_eq!(status.code(), Code::InvalidArgument);
                    let sentence =
                        format!("contacts: has at most 1000 elements, this one has {count}");
                    assert_eq!(status.message(), sentence);
                }
            }
        }
    }
}

#[test]
fn what_is_no_message_is_left_to_the_decoder() {
    let mut dice = 7_u32;
    for length in 0..2_000 {
        let bytes: Vec<u8> = (0..length % 97)
            .map(|_| {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                dice.to_be_bytes()[0]
            })
            .collect();
        seen(&bytes, false, 5).unwrap();
        seen(&bytes, true, 5).unwrap();
    }
}

#[test]
fn lists_in_json_are_counted_under_both_names() {
    let pool = DescriptorPool::decode(DESCRIPTORS).unwrap();
    let message = pool.get_message_by_name("courtesy.v1.BatchOptOutRequest").unwrap();
    let field = message.fields().find(prost_reflect::FieldDescriptor::is_list).unwrap();
    for name in [field.name(), field.json_name()] {
        let json =
            |count| format!("{{\"tenant\": \"a\", \"{name}\": [{}]}}", vec!["{}"; count].join(","));
        assert!(check_json(&message, json(1_000).as_bytes()).is_ok());
        let refused = check_json(&message, json(1_001).as_bytes()).unwrap_err();
        assert!(refused.message().ends_with("this one has 1001"), "{}", refused.message());
    }
    for odd in ["", "[]", "{", "{\"tenant\": [1, {\"a\": null}]}", "{\"x\": [[[]]], \"y\": -1.5e3}"]
    {
        assert!(check_json(&message, odd.as_bytes()).is_ok(), "{odd}");
    }
}
