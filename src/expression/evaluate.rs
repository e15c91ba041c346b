//! Evaluation: one pass over the tree, which allocates only where a string has to be made.

use std::borrow::Cow;

use crate::expression::EvaluationError;
use crate::expression::LocalTime;
use crate::expression::Subject;
use crate::expression::TEXT_BYTES_MAX;
use crate::expression::tree::Arithmetic;
use crate::expression::tree::Bool;
use crate::expression::tree::Choice;
use crate::expression::tree::Field;
use crate::expression::tree::Int;
use crate::expression::tree::Ints;
use crate::expression::tree::Text;
use crate::expression::tree::Texts;
use crate::expression::tree::Where;
use crate::model::weekdays;

type Result<T> = std::result::Result<T, EvaluationError>;

impl Bool {
    pub(super) fn evaluate(&self, subject: &Subject<'_>) -> Result<bool> {
        match self {
            Self::Constant(value) => Ok(*value),
            Self::Not(operand) => operand.evaluate(subject).map(|value| !value),
            Self::And(operands) => either_decides(false, operands, subject),
            Self::Or(operands) => either_decides(true, operands, subject),
            Self::Choice(choice) => choice.taken(subject)?.evaluate(subject),
            Self::Same(operands) => {
                Ok(operands.0.evaluate(subject)? == operands.1.evaluate(subject)?)
            }
            Self::CompareInts(comparison, operands) => {
                let left = operands.0.evaluate(subject)?;
                Ok(comparison.holds(left.cmp(&operands.1.evaluate(subject)?)))
            }
            Self::CompareTexts(comparison, operands) => {
                let left = operands.0.evaluate(subject)?;
                Ok(comparison.holds(left.cmp(&operands.1.evaluate(subject)?)))
            }
            Self::IntIn(operands) => operands.1.contains(operands.0.evaluate(subject)?, subject),
            Self::TextIn(operands) => operands.1.contains(&operands.0.evaluate(subject)?, subject),
            Self::Has(place, operands) => {
                let text = operands.0.evaluate(subject)?;
                let part = operands.1.evaluate(subject)?;
                Ok(match place {
                    Where::Anywhere => text.contains(&*part),
                    Where::AtTheStart => text.starts_with(&*part),
                    Where::AtTheEnd => text.ends_with(&*part),
                })
            }
            Self::Matches(text, pattern) => Ok(pattern.is_match(&text.evaluate(subject)?)),
        }
    }
}

/// `&&` and `||`: the operand that is `decisive` decides, even where the other one fails.
fn either_decides(decisive: bool, operands: &(Bool, Bool), subject: &Subject<'_>) -> Result<bool> {
    let left = operands.0.evaluate(subject);
    if left == Ok(decisive) {
        return left;
    }
    let right = operands.1.evaluate(subject);
    if right == Ok(decisive) { right } else { left.and(right) }
}

impl<T> Choice<T> {
    fn taken(&self, subject: &Subject<'_>) -> Result<&T> {
        Ok(if self.condition.evaluate(subject)? { &self.yes } else { &self.no })
    }
}

impl Int {
    fn evaluate(&self, subject: &Subject<'_>) -> Result<i64> {
        match self {
            Self::Constant(value) => Ok(*value),
            Self::Priority => Ok(subject.priority),
            Self::Hour => Ok(i64::from(local_time(subject)?.hour)),
            Self::Minute => Ok(i64::from(local_time(subject)?.minute)),
            Self::Negated(operand) => {
                operand.evaluate(subject)?.checked_neg().ok_or(EvaluationError::Overflow)
            }
            Self::Computed(operator, operands) => {
                let left = operands.0.evaluate(subject)?;
                operator.apply(left, operands.1.evaluate(subject)?)
            }
            Self::Choice(choice) => choice.taken(subject)?.evaluate(subject),
            Self::Parsed(text, spelling) => {
                let text = text.evaluate(subject)?;
                text.parse().map_err(|_not_an_integer| {
                    if text.is_empty() {
                        EvaluationError::Empty(spelling.clone())
                    } else {
                        EvaluationError::NotAnInteger(spelling.clone())
                    }
                })
            }
            Self::TextSize(text) => size(text.evaluate(subject)?.chars().count()),
            Self::TextsSize(texts) => texts.size(subject),
            Self::IntsSize(ints) => ints.size(subject),
        }
    }
}

impl Arithmetic {
    fn apply(self, left: i64, right: i64) -> Result<i64> {
        let result = match self {
            Self::Add => left.checked_add(right),
            Self::Subtract => left.checked_sub(right),
            Self::Multiply => left.checked_mul(right),
            Self::Divide | Self::Remainder if right == 0 => {
                return Err(EvaluationError::DivisionByZero);
            }
            Self::Divide => left.checked_div(right),
            Self::Remainder => left.checked_rem(right),
        };
        result.ok_or(EvaluationError::Overflow)
    }
}

impl Text {
    fn evaluate<'a>(&'a self, subject: &Subject<'a>) -> Result<Cow<'a, str>> {
        Ok(match self {
            Self::Constant(value) => Cow::Borrowed(&**value),
            Self::Field(field) => Cow::Borrowed(field.of(subject)),
            Self::ContactAttribute(key) => {
                Cow::Borrowed(subject.attributes.get(key).map_or("", String::as_str))
            }
            Self::CustomerAttribute(key) => {
                Cow::Borrowed(subject.profile.attributes.get(key).map_or("", String::as_str))
            }
            Self::Date => Cow::Owned(local_time(subject)?.date.to_string()),
            Self::Weekday => Cow::Borrowed(weekdays::name_of(local_time(subject)?.weekday)),
            Self::Joined(operands) => {
                let mut left = operands.0.evaluate(subject)?;
                let right = operands.1.evaluate(subject)?;
                if left.len().saturating_add(right.len()) > TEXT_BYTES_MAX {
                    return Err(EvaluationError::TooLong);
                }
                left.to_mut().push_str(&right);
                left
            }
            Self::Choice(choice) => return choice.taken(subject)?.evaluate(subject),
            Self::Written(int) => Cow::Owned(int.evaluate(subject)?.to_string()),
        })
    }
}

impl Field {
    fn of<'a>(self, subject: &Subject<'a>) -> &'a str {
        match self {
            Self::Label(label) => subject.labels.get(label),
            Self::Other(read) => read(subject),
        }
    }
}

impl Texts {
    fn contains(&self, text: &str, subject: &Subject<'_>) -> Result<bool> {
        match self {
            Self::Occasions => Ok(subject.occasions.iter().any(|name| name.as_str() == text)),
            Self::Segments => Ok(subject.profile.segments.iter().any(|name| name.as_str() == text)),
            Self::Jurisdictions => {
                Ok(subject.jurisdictions.iter().any(|code| code.as_str() == text))
            }
            Self::Listed(texts) => contains(texts.iter().map(|t| Ok(t.evaluate(subject)? == text))),
        }
    }

    fn size(&self, subject: &Subject<'_>) -> Result<i64> {
        match self {
            Self::Occasions => size(subject.occasions.len()),
            Self::Segments => size(subject.profile.segments.len()),
            Self::Jurisdictions => size(subject.jurisdictions.len()),
            Self::Listed(texts) => {
                texts.iter().try_for_each(|text| text.evaluate(subject).map(drop))?;
                size(texts.len())
            }
        }
    }
}

impl Ints {
    fn contains(&self, int: i64, subject: &Subject<'_>) -> Result<bool> {
        contains(self.0.iter().map(|element| Ok(element.evaluate(subject)? == int)))
    }

    fn size(&self, subject: &Subject<'_>) -> Result<i64> {
        self.0.iter().try_for_each(|int| int.evaluate(subject).map(drop))?;
        size(self.0.len())
    }
}

/// A list with an element that fails is itself a failure, wherever that element stands.
fn contains(mut equal: impl Iterator<Item = Result<bool>>) -> Result<bool> {
    equal.try_fold(false, |found, equal| Ok(equal? || found))
}

fn size(count: usize) -> Result<i64> {
    i64::try_from(count).map_err(|_too_large| EvaluationError::Overflow)
}

fn local_time(subject: &Subject<'_>) -> Result<LocalTime> {
    subject.at.ok_or(EvaluationError::NoLocalTime)
}
