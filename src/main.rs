//! The `courtesy` command.

fn main() {}
