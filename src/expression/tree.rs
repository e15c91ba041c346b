//! The compiled form of an expression: one Rust type for each type of the language, so that a tree
//! that can be built needs no type checks when it is evaluated.

use std::cmp::Ordering;
use std::sync::Arc;

use regex::Regex;

use crate::expression::Subject;
use crate::model::Label;
use crate::model::Name;

/// Two operands.
pub(super) type Pair<T> = Box<(T, T)>;

/// `condition ? yes : no`.
pub(super) struct Choice<T> {
    pub(super) condition: Bool,
    pub(super) yes: T,
    pub(super) no: T,
}

/// An expression that is true or false.
pub(super) enum Bool {
    Constant(bool),
    Not(Box<Self>),
    And(Pair<Self>),
    Or(Pair<Self>),
    Choice(Box<Choice<Self>>),
    /// `==` of conditions; `!=` is its `Not`.
    Same(Pair<Self>),
    CompareInts(Comparison, Pair<Int>),
    CompareTexts(Comparison, Pair<Text>),
    IntIn(Box<(Int, Ints)>),
    TextIn(Box<(Text, Texts)>),
    /// The first text has the second where it is looked for.
    Has(Where, Pair<Text>),
    Matches(Box<Text>, Regex),
}

/// An expression that is an integer of 64 bits.
pub(super) enum Int {
    Constant(i64),
    Priority,
    Hour,
    Minute,
    Negated(Box<Self>),
    Computed(Arithmetic, Pair<Self>),
    Choice(Box<Choice<Self>>),
    /// The text, and how the source spells it.
    Parsed(Box<Text>, Arc<str>),
    TextSize(Box<Text>),
    TextsSize(Texts),
    IntsSize(Ints),
}

/// An expression that is a string.
pub(super) enum Text {
    Constant(Box<str>),
    Field(Field),
    /// `contact.attributes["…"]`.
    ContactAttribute(Name),
    /// `customer.attributes["…"]`.
    CustomerAttribute(Name),
    Date,
    Weekday,
    Joined(Pair<Self>),
    Choice(Box<Choice<Self>>),
    Written(Box<Int>),
}

/// A string that every subject has.
#[derive(Clone, Copy)]
pub(super) enum Field {
    Label(Label),
    Other(for<'a> fn(&Subject<'a>) -> &'a str),
}

/// An expression that is a list of strings.
pub(super) enum Texts {
    Occasions,
    Segments,
    Jurisdictions,
    Listed(Box<[Text]>),
}

/// An expression that is a list of integers.
pub(super) struct Ints(pub(super) Box<[Int]>);

/// The comparison of two values.
#[derive(Clone, Copy)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(super) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// The combination of two integers.
#[derive(Clone, Copy)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The part of a text in which another is looked for.
#[derive(Clone, Copy)]
pub(super) enum Where {
    Anywhere,
    AtTheStart,
    AtTheEnd,
}
