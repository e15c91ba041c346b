//! What strangers send: broken frames, floods, bounds that are overstepped, deadlines, and a server
//! that goes down meanwhile. The real server answers on a real port, and no input may kill it,
//! wedge it, or change what it should not.

mod access;
mod ask;
mod caller;
mod deadlines;
mod dialects;
mod flood;
mod frames;
mod fuzz;
mod inputs;
mod leftover;
mod lifecycle;
mod overload;
mod patience;
mod policies;
mod process;
mod revoked;
mod strangers;
mod streams;
pub(crate) mod through;
