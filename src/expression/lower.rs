//! Lowers the syntax tree to the typed one. Names, types and literals are checked here, all of
//! them, so that one attempt shows every mistake.
//!
//! A function returns `None` where it has recorded a fault; what contains the faulty part is then
//! silent, since its own fault would only follow from the first.

use cel::IdedExpr;
use cel::common::ast::CallExpr;
use cel::common::ast::Expr;
use cel::common::ast::LiteralValue;
use cel::common::ast::operators;

use crate::expression::Capacity;
use crate::expression::Fault;
use crate::expression::Reads;
use crate::expression::parse::Parsed;
use crate::expression::scan::Tokens;
use crate::expression::tree::Bool;
use crate::expression::tree::Int;
use crate::expression::tree::Ints;
use crate::expression::tree::Text;
use crate::expression::tree::Texts;

mod calendar;
mod functions;
mod names;
mod operations;

/// The deepest tree, which bounds the stack that lowering and evaluation take: `1 + 1 + 1` is three
/// deep without a bracket.
pub(super) const DEPTH_MAX: usize = 128;

/// Checks a syntax tree, which must be a condition.
///
/// # Errors
/// Every fault, in the order of the source.
pub(super) fn lower(
    (source, tokens, parsed): (&str, &Tokens, &Parsed),
    capacity: &mut Capacity,
) -> Result<(Bool, Reads), Vec<Fault>> {
    let reads = Reads { grain: None, jurisdictions: false };
    let mut lowering =
        Lowering { source, tokens, parsed, capacity, reads, depth: 0, faults: Vec::new() };
    match lowering.condition(&parsed.root, "a condition") {
        Some(condition) if lowering.faults.is_empty() => Ok((condition, lowering.reads)),
        Some(_) | None => {
            lowering.faults.sort_by_key(|fault| fault.offset);
            Err(lowering.faults)
        }
    }
}

/// The source, and the things found on the way.
struct Lowering<'s> {
    source: &'s str,
    tokens: &'s Tokens,
    parsed: &'s Parsed,
    capacity: &'s mut Capacity,
    reads: Reads,
    depth: usize,
    faults: Vec<Fault>,
}

/// A lowered expression of whatever type it has.
enum Typed {
    Bool(Bool),
    Int(Int),
    Text(Text),
    Texts(Texts),
    Ints(Ints),
}

impl Typed {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "a bool",
            Self::Int(_) => "an int",
            Self::Text(_) => "a string",
            Self::Texts(_) => "a list of strings",
            Self::Ints(_) => "a list of ints",
        }
    }
}

impl Lowering<'_> {
    fn expression(&mut self, node: &IdedExpr) -> Option<Typed> {
        if self.depth == DEPTH_MAX {
            let message = format!("more than {DEPTH_MAX} operations build on each other here");
            return self.fault(Fault::new(self.parsed.offset(node), message));
        }
        self.depth = self.depth.saturating_add(1);
        let typed = self.expression_within(node);
        self.depth = self.depth.saturating_sub(1);
        typed
    }

    fn expression_within(&mut self, node: &IdedExpr) -> Option<Typed> {
        match &node.expr {
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Ident(name) => self.lone_name(node, name),
            Expr::Select(select) => self.field(node, select),
            Expr::Call(call) => self.call(node, call),
            Expr::List(list) => self.list(node, &list.elements),
            Expr::Map(_) => self.refuse(node, "maps are not part of content rules"),
            Expr::Struct(_) => self.refuse(node, "messages are not part of content rules"),
            Expr::Comprehension(_) | Expr::Unspecified => {
                self.refuse(node, "this is not part of content rules")
            }
        }
    }

    fn literal(&mut self, node: &IdedExpr, literal: &LiteralValue) -> Option<Typed> {
        let (what, help) = match literal {
            LiteralValue::Boolean(value) => {
                return Some(Typed::Bool(Bool::Constant(*value.inner())));
            }
            LiteralValue::Int(value) => return Some(Typed::Int(Int::Constant(*value.inner()))),
            LiteralValue::String(value) => {
                return Some(Typed::Text(Text::Constant(Box::from(value.inner()))));
            }
            LiteralValue::UInt(_) => ("unsigned ints", "leave out the `u`"),
            LiteralValue::Double(_) => ("decimal numbers", "count in whole numbers"),
            LiteralValue::Bytes(_) => ("bytes", "leave out the `b`"),
            LiteralValue::Null => ("`null`", "an attribute that is missing is `\"\"`"),
        };
        let verb = if what.ends_with('s') { "are" } else { "is" };
        let fault =
            Fault::new(self.start(node), format!("{what} {verb} not part of content rules"));
        self.fault(fault.help(help))
    }

    fn list(&mut self, node: &IdedExpr, elements: &[IdedExpr]) -> Option<Typed> {
        let lowered: Vec<_> = elements.iter().map(|element| self.expression(element)).collect();
        let lowered: Vec<_> = lowered.into_iter().collect::<Option<_>>()?;
        let mut texts = Vec::new();
        let mut ints = Vec::new();
        for (element, typed) in elements.iter().zip(lowered) {
            match typed {
                Typed::Text(text) if ints.is_empty() => texts.push(text),
                Typed::Int(int) if texts.is_empty() => ints.push(int),
                Typed::Text(_) | Typed::Int(_) => {
                    return self.refuse(element, "a list holds strings or ints, not both");
                }
                other @ (Typed::Bool(_) | Typed::Texts(_) | Typed::Ints(_)) => {
                    let found = other.type_name();
                    let message = format!("a list holds strings or ints, and this is {found}");
                    return self.refuse(element, message);
                }
            }
        }
        if elements.is_empty() {
            return self.refuse(node, "an empty list holds nothing to compare with");
        }
        Some(if ints.is_empty() {
            Typed::Texts(Texts::Listed(texts.into()))
        } else {
            Typed::Ints(Ints(ints.into()))
        })
    }

    fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Option<Typed> {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, [operand]) => self.not(operand),
            (operators::NEGATE, [operand]) => self.negated(operand),
            (operators::LOGICAL_AND, [left, right]) => self.logical(Bool::And, "`&&`", left, right),
            (operators::LOGICAL_OR, [left, right]) => self.logical(Bool::Or, "`||`", left, right),
            (operators::CONDITIONAL, [condition, yes, no]) => self.choice(node, condition, yes, no),
            (operators::INDEX, [operand, index]) => self.index(node, operand, index),
            (operators::IN, [element, list]) => self.membership(node, element, list),
            (name, [left, right]) if operations::is_binary(name) => {
                self.binary(node, name, left, right)
            }
            (name, _) => self.function(node, name, call),
        }
    }

    /// A condition; `user` is the name of the part that needs one.
    fn condition(&mut self, node: &IdedExpr, user: &str) -> Option<Bool> {
        match self.expression(node)? {
            Typed::Bool(bool) => Some(bool),
            found @ (Typed::Int(_) | Typed::Text(_) | Typed::Texts(_) | Typed::Ints(_)) => {
                let needs = if user == "a condition" { "is a bool" } else { "needs a bool" };
                let message = format!("{user} {needs}, and this is {}", found.type_name());
                let help = match found {
                    Typed::Text(_) => Some("compare it, as in `… == \"true\"`"),
                    Typed::Int(_) => Some("compare it, as in `… > 0`"),
                    Typed::Texts(_) => Some("ask what it holds, as in `\"…\" in …`"),
                    Typed::Bool(_) | Typed::Ints(_) => None,
                };
                let fault = Fault::new(self.start(node), message);
                self.fault(fault.maybe_help(help.map(str::to_owned)))
            }
        }
    }

    fn int(&mut self, node: &IdedExpr, user: &str) -> Option<Int> {
        match self.expression(node)? {
            Typed::Int(int) => Some(int),
            found @ (Typed::Bool(_) | Typed::Text(_) | Typed::Texts(_) | Typed::Ints(_)) => {
                self.mistyped(node, user, "an int", &found)
            }
        }
    }

    fn text(&mut self, node: &IdedExpr, user: &str) -> Option<Text> {
        match self.expression(node)? {
            Typed::Text(text) => Some(text),
            found @ (Typed::Bool(_) | Typed::Int(_) | Typed::Texts(_) | Typed::Ints(_)) => {
                self.mistyped(node, user, "a string", &found)
            }
        }
    }

    fn mistyped<T>(
        &mut self,
        node: &IdedExpr,
        user: &str,
        wanted: &str,
        found: &Typed,
    ) -> Option<T> {
        let message = format!("{user} needs {wanted}, and this is {}", found.type_name());
        let help = match found {
            Typed::Text(_) if wanted == "an int" => Some("`int(…)` makes an int of a string"),
            Typed::Int(_) if wanted == "a string" => Some("`string(…)` makes a string of an int"),
            Typed::Bool(_) | Typed::Int(_) | Typed::Text(_) | Typed::Texts(_) | Typed::Ints(_) => {
                None
            }
        };
        let fault = Fault::new(self.start(node), message).maybe_help(help.map(str::to_owned));
        self.fault(fault)
    }

    fn refuse<T>(&mut self, node: &IdedExpr, message: impl Into<String>) -> Option<T> {
        let fault = Fault::new(self.start(node), message);
        self.fault(fault)
    }

    fn fault<T>(&mut self, fault: Fault) -> Option<T> {
        self.faults.push(fault);
        None
    }

    /// The beginning of an expression, without the parentheses around it. Its own token is there
    /// unless it is an operator between operands, a field, or a call.
    fn start(&self, node: &IdedExpr) -> usize {
        let own = self.parsed.offset(node);
        match &node.expr {
            Expr::Select(select) => self.start(&select.operand),
            Expr::Call(call) => match (&call.target, call.args.first()) {
                (Some(target), _) => self.start(target),
                (None, _) if self.token(own) == "(" => self.tokens.before(own).start,
                (None, Some(operand)) => self.start(operand).min(own),
                (None, None) => own,
            },
            Expr::Literal(_)
            | Expr::Ident(_)
            | Expr::List(_)
            | Expr::Map(_)
            | Expr::Struct(_)
            | Expr::Comprehension(_)
            | Expr::Unspecified => own,
        }
    }

    fn token(&self, offset: usize) -> &str {
        self.source.get(self.tokens.at(offset)).unwrap_or_default()
    }
}
