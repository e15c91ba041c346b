//! Errors as callers get them: a canonical code, a sentence, and `google.rpc` details for programs.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use tonic::Code;
use tonic::Status;
use tonic_types::ErrorDetails;
use tonic_types::FieldViolation;
use tonic_types::StatusExt;

use crate::access::Identity;
use crate::access::Refused;
use crate::gate::Failure;
use crate::model::Name;
use crate::operation::Fault;
use crate::policy::Problems;
use crate::policy::problem::Severity;
use crate::proto::v1;
use crate::proto::v1::ErrorReason;

/// The domain of every `ErrorInfo`.
pub const DOMAIN: &str = "courtesy.v1";

/// The time after which a caller may try again after a passing error.
const RETRY_AFTER: Duration = Duration::from_millis(100);
/// The time after which a caller may try again if the work of others takes long.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(10);
/// The longest sentence of an error, in bytes.
const SENTENCE_BYTES_MAX: usize = 512;
/// The most bytes of violations that one error lists; more than this means a bug in the caller, not
/// a typo. Errors travel in headers, of which many clients accept no more than 8 KiB: percent signs
/// make a sentence up to three times as long there, and base64 makes details longer by a third.
const VIOLATIONS_BYTES_MAX: usize = 3_072;

/// A request that breaks bounds, or names what the policy does not declare.
#[must_use]
pub fn invalid(reason: ErrorReason, violations: Vec<FieldViolation>) -> Status {
    let count = violations.len();
    let first = violations.first().map(|it| format!("{}: {}", it.field, it.description));
    let message = match (first, count) {
        (None, _) => "the request is invalid".to_owned(),
        (Some(first), 1) => first,
        (Some(first), _) => format!("{first} (and {} more)", count - 1),
    };
    let mut details = details(reason, HashMap::new());
    details.set_bad_request(listed(violations));
    status(Code::InvalidArgument, &message, details)
}

/// The error for a request that is not a message of the method's type.
#[must_use]
pub fn malformed(message_name: &str, why: &str) -> Status {
    let why = why.trim_end_matches('.');
    let violation = FieldViolation::new("body", format!("must be a {message_name}: {why}"));
    invalid(ErrorReason::InvalidRequest, vec![violation])
}

/// A request that is longer than its method takes, with the code that gRPC has for it.
#[must_use]
pub fn too_long(bytes_max: usize) -> Status {
    let message = format!("the request is longer than {bytes_max} bytes");
    let mut details = details(ErrorReason::InvalidRequest, HashMap::new());
    details.add_bad_request_violation("body", format!("has at most {bytes_max} bytes"));
    status(Code::OutOfRange, message, details)
}

/// The error for something that this server cannot do: an unknown method, or a compressed body.
#[must_use]
pub fn unimplemented(why: &str) -> Status {
    let details = details(ErrorReason::Unimplemented, HashMap::new());
    status(Code::Unimplemented, why, details)
}

/// The violations that an error can carry; at least one, if there is one.
fn listed(violations: Vec<FieldViolation>) -> Vec<FieldViolation> {
    let mut room = VIOLATIONS_BYTES_MAX;
    let short = violations.into_iter().map(|violation| {
        FieldViolation::new(shortened(&violation.field), shortened(&violation.description))
    });
    let fitting = short.map_while(|violation| {
        room = room.checked_sub(violation.field.len() + violation.description.len())?;
        Some(violation)
    });
    fitting.collect()
}

fn shortened(sentence: &str) -> String {
    if sentence.len() <= SENTENCE_BYTES_MAX {
        return sentence.to_owned();
    }
    let mut short = String::new();
    for character in sentence.chars() {
        if short.len() + character.len_utf8() > SENTENCE_BYTES_MAX {
            break;
        }
        short.push(character);
    }
    short + "…"
}

/// The status for a failure of the gate.
#[must_use]
pub fn of(failure: &Failure) -> Status {
    if let Failure::InvalidPolicy(problems) = failure {
        return invalid_policy(problems);
    }
    let (code, reason) = code_and_reason(failure);
    let mut metadata = HashMap::new();
    if let Failure::RevisionMoved(revision) = failure {
        metadata.insert("revision".to_owned(), revision.to_string());
    }
    if let Failure::PolicyScheduled { revision, effective } = failure {
        metadata.insert("revision".to_owned(), revision.to_string());
        metadata.insert("effective_time".to_owned(), effective.to_string());
    }
    let sentence = shortened(&failure.to_string());
    let mut details = details(reason, metadata);
    if matches!(reason, ErrorReason::Conflict | ErrorReason::StoreUnavailable) {
        details.set_retry_info(Some(RETRY_AFTER));
    }
    if let Failure::Fault(Fault::Undeclared(undeclared)) = failure {
        let field = format!("contact.{}", undeclared.what);
        details.add_bad_request_violation(field, sentence.clone());
    }
    if let Failure::NoSuchDocument(_) = failure {
        details.add_bad_request_violation("remove_documents", sentence.clone());
    }
    if matches!(failure, Failure::NoSuchCursor) {
        details.add_bad_request_violation("resume_token", "is not one that an earlier answer gave");
    }
    status(code, sentence, details)
}

/// The error of one item of a batch, from a failure.
#[must_use]
pub fn of_item(failure: &Failure) -> v1::ItemError {
    let (code, reason) = code_and_reason(failure);
    v1::ItemError {
        status_code: i32::from(code),
        reason: i32::from(reason),
        message: shortened(&failure.to_string()),
    }
}

/// The error of an item that breaks bounds, or has names that the policy does not declare.
#[must_use]
pub fn of_refused_item(reason: ErrorReason, status: &Status) -> v1::ItemError {
    v1::ItemError {
        status_code: i32::from(status.code()),
        reason: i32::from(reason),
        message: status.message().to_owned(),
    }
}

fn code_and_reason(failure: &Failure) -> (Code, ErrorReason) {
    match failure {
        Failure::Fault(fault) => of_fault(fault),
        // With another secret, or another time, this instance does what no other one must.
        Failure::StoreUnavailable(_)
        | Failure::StoreRefuses(_)
        | Failure::StoreSilent(_)
        | Failure::ClockWrong(_)
        | Failure::OtherSecret => (Code::Unavailable, ErrorReason::StoreUnavailable),
        Failure::Unreadable(_) => (Code::DataLoss, ErrorReason::RecordUnreadable),
        Failure::Conflict => (Code::Aborted, ErrorReason::Conflict),
        Failure::VersionNotReached => (Code::Unavailable, ErrorReason::VersionNotReached),
        Failure::VersionMoved => (Code::Aborted, ErrorReason::VersionMoved),
        Failure::RevisionMoved(_) => (Code::Aborted, ErrorReason::RevisionMoved),
        Failure::PolicyScheduled { .. } => (Code::FailedPrecondition, ErrorReason::PolicyScheduled),
        Failure::NotScheduled(_) => (Code::FailedPrecondition, ErrorReason::PolicyNotScheduled),
        Failure::InvalidPolicy(_) => (Code::InvalidArgument, ErrorReason::InvalidPolicy),
        Failure::NoSuchDocument(_) | Failure::NoSuchCursor => {
            (Code::InvalidArgument, ErrorReason::InvalidRequest)
        }
        Failure::NoSuchRevision(_) => (Code::NotFound, ErrorReason::RevisionNotFound),
        Failure::TooManyPauses => (Code::FailedPrecondition, ErrorReason::TooManyPauses),
        Failure::NoSuchTenant(_) => (Code::NotFound, ErrorReason::TenantNotFound),
        Failure::FormatTooOld(_)
        | Failure::PolicyTooNew(_)
        | Failure::StoreNewer(_)
        | Failure::OtherSpelling { .. }
        | Failure::SpellingFolded
        | Failure::HalfCopied => (Code::FailedPrecondition, ErrorReason::StoreFormat),
    }
}

fn of_fault(fault: &Fault) -> (Code, ErrorReason) {
    match fault {
        Fault::Undeclared(_) => (Code::InvalidArgument, ErrorReason::UndeclaredName),
        Fault::ContactTimePassed => (Code::InvalidArgument, ErrorReason::InvalidRequest),
        Fault::RequestIdReused => (Code::AlreadyExists, ErrorReason::RequestIdReused),
        Fault::ReservationNotFound => (Code::NotFound, ErrorReason::ReservationNotFound),
        Fault::CustomerErased => (Code::FailedPrecondition, ErrorReason::CustomerErased),
        Fault::AlreadyConfirmed => (Code::FailedPrecondition, ErrorReason::AlreadyConfirmed),
        Fault::AlreadyReleased => (Code::FailedPrecondition, ErrorReason::AlreadyReleased),
        Fault::RecordFull => (Code::FailedPrecondition, ErrorReason::RecordFull),
    }
}

fn invalid_policy(problems: &Problems) -> Status {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let violations = errors.map(|problem| {
        let place = format!("{}:{}:{}", problem.file, problem.line, problem.column);
        FieldViolation::new(place, format!("{}; {}", problem.message, problem.help))
    });
    invalid(ErrorReason::InvalidPolicy, violations.collect())
}

/// The deadline has passed before there was an answer.
#[must_use]
pub fn deadline_exceeded() -> Status {
    let details = details(ErrorReason::DeadlineExceeded, HashMap::new());
    let message = "the deadline passed before there was an answer";
    status(Code::DeadlineExceeded, message, details)
}

/// A stream on which its caller has said nothing for too long.
#[must_use]
pub fn idle() -> Status {
    let details = details(ErrorReason::DeadlineExceeded, HashMap::new());
    let message = "no rows arrived for a minute; go on after the last one that was acknowledged";
    status(Code::DeadlineExceeded, message, details)
}

/// There is too much to do.
#[must_use]
pub fn overloaded() -> Status {
    // Made once: where it is needed, there is no time to lose.
    static OVERLOADED: LazyLock<Status> = LazyLock::new(|| {
        let mut details = details(ErrorReason::Overloaded, HashMap::new());
        details.set_retry_info(Some(RETRY_AFTER));
        let message = "the server has too much to do; try again later";
        status(Code::ResourceExhausted, message, details)
    });
    OVERLOADED.clone()
}

/// The call's credential does not let it happen.
#[must_use]
pub fn refused(refused: &Refused) -> Status {
    let message = shortened(&refused.to_string());
    match refused {
        Refused::Missing | Refused::Unknown(_) => {
            let details = details(ErrorReason::Unauthenticated, HashMap::new());
            status(Code::Unauthenticated, message, details)
        }
        Refused::Role { .. } => {
            let details = details(ErrorReason::NotAllowed, HashMap::new());
            status(Code::PermissionDenied, message, details)
        }
        Refused::TooOften { wait, .. } => {
            let mut details = details(ErrorReason::TooOften, HashMap::new());
            details.set_retry_info(Some(*wait));
            status(Code::ResourceExhausted, message, details)
        }
    }
}

/// The caller's credential is for other tenants.
#[must_use]
pub fn not_for(identity: &Identity, tenant: &Name) -> Status {
    let details = details(ErrorReason::NotAllowed, HashMap::new());
    let name = &identity.name;
    let message = format!("`{name}` may not act for the tenant `{tenant}`; `tenant` names another");
    status(Code::PermissionDenied, &message, details)
}

/// The caller's credential is not for all tenants.
#[must_use]
pub fn not_for_all(identity: &Identity) -> Status {
    let details = details(ErrorReason::NotAllowed, HashMap::new());
    let name = &identity.name;
    let message = format!("`{name}` may not act for all tenants, to which the store belongs");
    status(Code::PermissionDenied, &message, details)
}

/// The error for a tenant that does not exist, with the one of the caller's own that may be meant.
#[must_use]
pub fn no_such_tenant(tenant: &Name, meant: Option<&str>) -> Status {
    let details = details(ErrorReason::TenantNotFound, HashMap::new());
    let meant = meant.map_or_else(
        || "an operator makes one with `courtesy tenant create`".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    );
    let message = format!("there is no tenant `{tenant}`; {meant}");
    status(Code::NotFound, &message, details)
}

/// The instance does one such piece of work at a time, and is busy with another caller's.
#[must_use]
pub fn busy(why: &str) -> Status {
    let mut details = details(ErrorReason::Overloaded, HashMap::new());
    details.set_retry_info(Some(BUSY_RETRY_AFTER));
    status(Code::ResourceExhausted, why, details)
}

/// Unsubscribe links are not served.
#[must_use]
pub fn links_off() -> Status {
    let details = details(ErrorReason::LinksOff, HashMap::new());
    let message = "unsubscribe links are not served; an operator sets `pages` or `public_url`";
    status(Code::FailedPrecondition, message, details)
}

/// There is a defect in courtesy.
#[must_use]
pub fn internal() -> Status {
    let details = details(ErrorReason::Internal, HashMap::new());
    status(Code::Internal, "courtesy has a defect; its log says more", details)
}

/// A status with a message that no client shows escaped: the header that carries it writes `?` and
/// `#` as `%3F` and `%23`, and not every client reads these back.
fn status(code: Code, message: impl Into<String>, details: ErrorDetails) -> Status {
    let message: String = message.into();
    let message = message.replace("? ", ". ").replace('?', "");
    Status::with_error_details(code, shortened(&message.replace('#', "no. ")), details)
}

fn details(reason: ErrorReason, metadata: HashMap<String, String>) -> ErrorDetails {
    let name = reason.as_str_name();
    let name = name.strip_prefix("ERROR_REASON_").unwrap_or(name);
    ErrorDetails::with_error_info(name, DOMAIN, metadata)
}
