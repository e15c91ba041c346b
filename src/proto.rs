//! The generated bindings of the wire (the API's messages and services) and of what is stored.

#![allow(
    missing_docs,
    single_use_lifetimes,
    unused_qualifications,
    unreachable_pub,
    clippy::all,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::wildcard_enum_match_arm,
    clippy::match_wildcard_for_single_variants,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::str_to_string,
    clippy::use_self,
    clippy::too_many_lines,
    clippy::trivially_copy_pass_by_ref,
    clippy::semicolon_if_nothing_returned,
    rustdoc::all,
    reason = "generated code"
)]

pub mod json;

/// `courtesy.v1`: the API.
pub mod v1 {
    tonic::include_proto!("courtesy.v1");
}

macro_rules! words {
    ($($name:ident: $prefix:literal,)+) => {
        $(impl v1::$name {
            /// How it is written for people: its name without the name of the enum.
            #[must_use]
            pub fn word(self) -> &'static str {
                self.as_str_name().trim_start_matches($prefix)
            }
        })+
    };
}

words! {
    CalendarUnit: "CALENDAR_UNIT_",
    ConsentKind: "CONSENT_KIND_",
    ContactState: "CONTACT_STATE_",
    Effect: "EFFECT_",
    InboundMeaning: "INBOUND_MEANING_",
    InboundReply: "INBOUND_REPLY_",
    ReasonCode: "REASON_CODE_",
    ReservationState: "RESERVATION_STATE_",
}

/// Adds to the codes that `proto/courtesy/v1/decision.proto` lists what it says of them.
macro_rules! reasons {
    ($(#[$about:meta] $code:ident: $remedy:literal;)+) => {
        impl v1::ReasonCode {
            /// What can be done about it.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { Self::Unspecified => "–", $(Self::$code => $remedy,)+ }
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/reasons.rs"));

/// `courtesy.store.v1`: what is stored.
pub mod store {
    /// The first version.
    pub mod v1 {
        tonic::include_proto!("courtesy.store.v1");
    }
}

/// The descriptors of all of these, encoded.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("descriptors");
