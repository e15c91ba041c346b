//! Generates the bindings of the API and of stored records. The proto compiler is a library, so a
//! build needs no `protoc`.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use protox::prost_reflect::DescriptorPool;
use protox::prost_reflect::prost_types::source_code_info::Location;

const FILES: &[&str] = &[
    "courtesy/v1/clock_service.proto",
    "courtesy/v1/contact_service.proto",
    "courtesy/v1/customer_service.proto",
    "courtesy/v1/policy_service.proto",
    "courtesy/store/v1/audit.proto",
    "courtesy/store/v1/link.proto",
    "courtesy/store/v1/mark.proto",
    "courtesy/store/v1/pause.proto",
    "courtesy/store/v1/policy.proto",
    "courtesy/store/v1/record.proto",
    "courtesy/store/v1/store_service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_source_info(true).include_imports(true).open_files(FILES)?;
    let descriptors = compiler.file_descriptor_set();
    fs::write(out_dir()?.join("descriptors.bin"), compiler.encode_file_descriptor_set())?;
    fs::write(out_dir()?.join("reasons.rs"), reasons(&compiler.descriptor_pool())?)?;
    // Maps in the order of their keys, so that equal messages have equal bytes.
    tonic_prost_build::configure().btree_map(".").compile_fds(descriptors)?;
    Ok(())
}

/// A call of a macro `reasons` with the codes that the API declares, each with its comment. The
/// second paragraph of that is what can be done about it.
fn reasons(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let declared =
        pool.get_enum_by_name("courtesy.v1.ReasonCode").ok_or("there is no ReasonCode")?;
    let file = declared.parent_file();
    let source = file.file_descriptor_proto().source_code_info.as_ref().ok_or("no comments")?;
    let mut rows = String::new();
    for value in declared.values().filter(|it| it.number() != 0) {
        let place = source.location.iter().find(|it| it.path == value.path());
        let comment = place.map_or("", Location::leading_comments);
        let (about, remedy) = comment.split_once("\n\n").ok_or("a reason without a remedy")?;
        let name: String = value.name().split('_').skip(2).map(capitalized).collect();
        let remedy = remedy.trim().replace("\n ", " ").replace('\'', "’");
        writeln!(rows, "#[doc = {about:?}] {name}: {remedy:?};")?;
    }
    Ok(format!("reasons! {{\n{rows}}}\n"))
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{first}{}", rest.to_lowercase())
}

#[expect(clippy::disallowed_methods, reason = "cargo says where a build script writes by OUT_DIR")]
fn out_dir() -> Result<PathBuf, Box<dyn Error>> {
    Ok(Path::new(&std::env::var("OUT_DIR")?).to_owned())
}
