//! Generates the bindings of the API and of stored records. The proto compiler is a library, so a
//! build needs no `protoc`.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

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
    // Maps in the order of their keys, so that equal messages have equal bytes.
    tonic_prost_build::configure().btree_map(".").compile_fds(descriptors)?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "cargo says where a build script writes by OUT_DIR")]
fn out_dir() -> Result<PathBuf, Box<dyn Error>> {
    Ok(Path::new(&std::env::var("OUT_DIR")?).to_owned())
}
