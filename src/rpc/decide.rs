//! The common part of senders' calls: the caller, and the answer if the record cannot be read.

use std::sync::Arc;

use tonic::Status;
use tonic_types::FieldViolation;

use super::convert;
use super::convert::contact::Terms;
use super::convert::time::Within;
use super::convert::violations::Path;
use super::convert::violations::Violations;
use crate::audit::Event;
use crate::decision_log;
use crate::decision_log::recent::Asked;
use crate::engine::Undeclared;
use crate::gate::Active;
use crate::gate::Bulk;
use crate::gate::Change;
use crate::gate::Customer;
use crate::gate::Failure;
use crate::gate::Gate;
use crate::gate::TENANT_DEFAULT;
use crate::model::Contact;
use crate::model::Instant;
use crate::model::Name;
use crate::model::customer_id::CustomerId;
use crate::model::customer_id::Spelling;
use crate::model::decision::Code;
use crate::operation::Context;
use crate::operation::Decided;
use crate::operation::Fault;
use crate::operation::reserve::Reserve;
use crate::proto::v1;
use crate::proto::v1::ErrorReason;
use crate::rpc::identity;
use crate::rpc::status;
use crate::store::Durability;
use crate::store::Key;
use crate::store::Version;
use crate::words::closest;

/// The caller, the time and the policy of a call.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) tenant: Name,
    pub(super) active: Arc<Active>,
    pub(super) now: Instant,
    /// The spelling rule for customers' ids.
    pub(super) spelling: Spelling,
}

impl Caller {
    /// The caller who names this tenant.
    ///
    /// # Errors
    /// If it is not a name, or the caller's credential is for others.
    pub(super) fn new(gate: &Gate, tenant: Option<&str>) -> Result<Self, Status> {
        let tenant = own_tenant(tenant)?;
        match gate.in_force(&tenant) {
            Ok(active) => Ok(Self::of(gate, tenant, active)),
            Err(Failure::NoSuchTenant(tenant)) => Err(no_such_tenant(gate, &tenant)),
            Err(failure) => Err(refuse(&failure)),
        }
    }

    /// The caller of a call that may make the tenant.
    ///
    /// # Errors
    /// As for `new`, but where there is no such tenant.
    pub(super) fn of_new_tenant(gate: &Gate, tenant: Option<&str>) -> Result<Self, Status> {
        let tenant = own_tenant(tenant)?;
        let active = match gate.in_force(&tenant) {
            Err(Failure::NoSuchTenant(tenant)) => Ok(gate.policy(&tenant)),
            in_force => in_force,
        };
        let active = active.map_err(|failure| refuse(&failure))?;
        Ok(Self::of(gate, tenant, active))
    }

    fn of(gate: &Gate, tenant: Name, active: Arc<Active>) -> Self {
        Self { tenant, active, now: gate.clock().now(), spelling: gate.spelling() }
    }

    /// The customer with an id.
    pub(super) fn key(&self, id: &CustomerId) -> Customer {
        Customer::new(&self.tenant, id)
    }

    /// An empty list of violations, for a request of this caller.
    pub(super) fn violations(&self) -> Violations {
        Violations::with(self.spelling)
    }

    /// An event of this caller, for the audit log.
    pub(super) fn event(action: &str, details: String) -> Event {
        let actor = identity::caller().name.to_string();
        Event { actor, action: action.to_owned(), details, ..Event::default() }
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context { policy: &self.active.policy, now: self.now }
    }

    /// The terms on which this caller's contacts are judged.
    pub(super) fn terms(&self, within: Within) -> Terms<'_> {
        Terms { policy: &self.active.policy, when: within.at(self.now) }
    }

    /// A change of a customer's record by this caller.
    pub(super) fn change<'a>(&'a self, key: &'a Customer, durability: Durability) -> Change<'a> {
        let policy = &self.active.policy;
        let now = self.now;
        Change { key, policy, now, durability, expected: None, is_wish: false, request: None }
    }

    /// A change of the customer's wishes, or another that is followed.
    pub(super) fn wish<'a>(&'a self, gate: &Gate, key: &'a Customer) -> Change<'a> {
        Change { is_wish: true, ..self.change(key, gate.settings().wishes) }
    }

    /// Changes of many customers' records by this caller, as reservations and what follows them
    /// are.
    pub(super) fn bulk(&self, gate: &Gate) -> Bulk<'_> {
        let settings = gate.settings();
        Bulk {
            policy: &self.active.policy,
            now: self.now,
            durability: settings.reservations,
            is_wish: false,
            // More than the store gives each of its parts.
            patience: settings.store_timeout.saturating_mul(3),
        }
    }
}

/// The question, as far as it is counted and logged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    /// The method.
    pub(super) call: &'static str,
    pub(super) caller: &'a Caller,
    pub(super) customer_id: &'a str,
    pub(super) contact: &'a Contact,
    /// The time of the contact; now if unset.
    pub(super) at: Option<Instant>,
}

/// The contact that a decision is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub(super) key: &'a Customer,
    pub(super) contact: &'a Contact,
    /// The time of the contact.
    pub(super) at: Instant,
}

/// A decision and how it came about.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub(super) decided: Decided,
    pub(super) version: Option<Version>,
    pub(super) degraded: bool,
}

impl Verdict {
    /// A decision made of a record.
    pub(super) const fn of(decided: Decided, version: Option<Version>) -> Self {
        Self { decided, version, degraded: false }
    }

    /// The decision if there is no record for it.
    ///
    /// # Errors
    /// The failure, if it is not one of reading the record.
    pub(super) fn without_record(
        gate: &Gate,
        caller: &Caller,
        target: Target<'_>,
        failure: Failure,
    ) -> Result<Self, Failure> {
        let Target { key, contact, at } = target;
        let context = caller.context();
        match failure {
            Failure::StoreUnavailable(_) | Failure::StoreRefuses(_) => {
                let known = gate.refusals(key);
                let decided = Decided::without_record(context, &known, contact, at)
                    .map_err(|undeclared| Failure::Fault(undeclared.into()))?;
                Ok(Self { decided, version: None, degraded: true })
            }
            Failure::ClockWrong(_) => {
                if let Some(undeclared) = Undeclared::all(context.policy, contact).pop() {
                    return Err(Failure::Fault(undeclared.into()));
                }
                let decided = Decided::refusal(context, Code::StoreUnavailable);
                Ok(Self { decided, version: None, degraded: true })
            }
            Failure::Unreadable(_) => {
                if let Some(undeclared) = Undeclared::all(context.policy, contact).pop() {
                    return Err(Failure::Fault(undeclared.into()));
                }
                Ok(Self::of(Decided::refusal(context, Code::RecordUnreadable), None))
            }
            Failure::Fault(_)
            | Failure::StoreSilent(_)
            | Failure::OtherSecret
            | Failure::Conflict
            | Failure::VersionNotReached
            | Failure::VersionMoved
            | Failure::RevisionMoved(_)
            | Failure::PolicyScheduled { .. }
            | Failure::NotScheduled(_)
            | Failure::InvalidPolicy(_)
            | Failure::NoSuchCursor
            | Failure::NoSuchDocument(_)
            | Failure::NoSuchRevision(_)
            | Failure::TooManyPauses
            | Failure::NoSuchTenant(_)
            | Failure::StoreNewer(_)
            | Failure::FormatTooOld(_)
            | Failure::PolicyTooNew(_)
            | Failure::OtherSpelling { .. }
            | Failure::SpellingFolded
            | Failure::HalfCopied => Err(failure),
        }
    }

    /// Keeps a degraded grant in the outage journal, to be replayed later.
    pub(super) async fn journal_grant(
        &self,
        gate: &Gate,
        caller: &Caller,
        key: &Key,
        reserve: &Reserve,
    ) {
        if self.degraded && self.decided.is_allowed() {
            gate.journal_grant(caller.context(), key, reserve, &self.decided.answer).await;
        }
    }

    /// Publishes it, unless it is only looked at, and turns it into a message.
    pub(super) fn into_message(self, gate: &Gate, question: &Question<'_>) -> v1::Decision {
        if !identity::is_console() {
            self.publish(gate, question);
        }
        let degraded = self.degraded;
        let decision = convert::decision::decision(&self.decided, self.version);
        v1::Decision { degraded, ..decision }
    }

    /// Counts and logs it, and shows it to those who watch.
    fn publish(&self, gate: &Gate, question: &Question<'_>) {
        let Question { call, caller, customer_id, contact, at } = *question;
        let answer = &self.decided.answer;
        gate.metrics().decision(contact, answer.effect, &answer.codes());
        for reason in &answer.shadow {
            gate.metrics().shadow_denial(reason.rule.as_ref());
        }
        if let Some(waited) = self.decided.waited {
            gate.metrics().reply(&contact.channel, waited);
        }
        let asked = Asked { call, tenant: &caller.tenant, customer_id, now: caller.now };
        gate.recent().note(asked, contact, answer, self.degraded);
        if let Some(log) = gate.decisions() {
            log.note(|| decision_log::Decided {
                call,
                tenant: caller.tenant.clone(),
                customer_id: Box::from(customer_id),
                contact: contact.clone(),
                at: at.unwrap_or(caller.now),
                now: caller.now,
                answer: answer.clone(),
                degraded: self.degraded,
            });
        }
    }
}

/// The name of a tenant for which the caller may act.
pub(super) fn own_tenant(tenant: Option<&str>) -> Result<Name, Status> {
    let mut violations = Violations::default();
    let name = violations.name(Path::ROOT, "tenant", tenant.unwrap_or(TENANT_DEFAULT));
    let tenant = violations.finish(name)?;
    let identity = identity::caller();
    if identity.is_for(&tenant) { Ok(tenant) } else { Err(status::not_for(&identity, &tenant)) }
}

/// Refuses a tenant that does not exist. Only those for which the caller may act are suggested.
fn no_such_tenant(gate: &Gate, tenant: &Name) -> Status {
    let (identity, tenants) = (identity::caller(), gate.tenants());
    let own: Vec<&str> =
        tenants.iter().filter(|it| identity.is_for(it)).map(|it| it.as_str()).collect();
    status::no_such_tenant(tenant, closest(tenant, &own))
}

/// The status for a failure. A failure that only operators can mend is logged.
pub(super) fn refuse(failure: &Failure) -> Status {
    let status = status::of(failure);
    if matches!(failure, Failure::Unreadable(_)) {
        tracing::error!(%failure, "a call failed");
    }
    status
}

/// The status for a failure, if the request may have names that the policy does not declare.
pub(super) fn refuse_naming(failure: &Failure, undeclared: Vec<FieldViolation>) -> Status {
    if matches!(failure, Failure::Fault(Fault::Undeclared(_))) {
        return status::invalid(ErrorReason::UndeclaredName, undeclared);
    }
    refuse(failure)
}
