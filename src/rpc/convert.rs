//! Messages become values with bounds, and values become messages. Every bound that a request
//! breaks is noted, so that its caller sees all of them at once.

pub mod changed;
pub mod consent;
pub mod contact;
pub mod customer;
mod customer_id;
pub mod decision;
pub mod observed;
pub mod page;
pub mod preference;
pub mod pressure;
mod profile;
pub mod request;
pub mod row;
pub mod selector;
pub mod simulation;
pub mod time;
pub mod violations;
pub mod wish;
