//! The generated bindings: the API's messages and services, and what is stored.

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

/// `courtesy.store.v1`: what is stored.
pub mod store {
    /// The first version.
    pub mod v1 {
        tonic::include_proto!("courtesy.store.v1");
    }
}

/// The descriptors of all of these, encoded.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("descriptors");
