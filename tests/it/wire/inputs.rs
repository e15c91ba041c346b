//! Every bound of the API, at the bound and one past it.

mod everything;
mod ids;
mod lists;
mod profiles;
mod times;
