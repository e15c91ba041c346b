//! Operators.

use cel::IdedExpr;
use cel::common::ast::operators;

use crate::expression::Fault;
use crate::expression::lower::Lowering;
use crate::expression::lower::Typed;
use crate::expression::lower::calendar;
use crate::expression::tree::Arithmetic;
use crate::expression::tree::Bool;
use crate::expression::tree::Choice;
use crate::expression::tree::Comparison;
use crate::expression::tree::Int;
use crate::expression::tree::Pair;
use crate::expression::tree::Text;
use crate::expression::tree::Texts;

/// The action of an operator between two operands.
enum Binary {
    Compare(Comparison),
    Compute(Arithmetic),
}

fn binary(name: &str) -> Option<Binary> {
    Some(match name {
        operators::EQUALS => Binary::Compare(Comparison::Equal),
        operators::NOT_EQUALS => Binary::Compare(Comparison::NotEqual),
        operators::LESS => Binary::Compare(Comparison::Less),
        operators::LESS_EQUALS => Binary::Compare(Comparison::LessOrEqual),
        operators::GREATER => Binary::Compare(Comparison::Greater),
        operators::GREATER_EQUALS => Binary::Compare(Comparison::GreaterOrEqual),
        operators::ADD => Binary::Compute(Arithmetic::Add),
        operators::SUBSTRACT => Binary::Compute(Arithmetic::Subtract),
        operators::MULTIPLY => Binary::Compute(Arithmetic::Multiply),
        operators::DIVIDE => Binary::Compute(Arithmetic::Divide),
        operators::MODULO => Binary::Compute(Arithmetic::Remainder),
        _ => return None,
    })
}

/// Whether a call is an operator that compares or computes.
pub(super) fn is_binary(name: &str) -> bool {
    binary(name).is_some()
}

impl Lowering<'_> {
    pub(super) fn not(&mut self, operand: &IdedExpr) -> Option<Typed> {
        self.condition(operand, "`!`").map(|bool| Typed::Bool(Bool::Not(Box::new(bool))))
    }

    pub(super) fn negated(&mut self, operand: &IdedExpr) -> Option<Typed> {
        self.int(operand, "`-`").map(|int| Typed::Int(Int::Negated(Box::new(int))))
    }

    pub(super) fn logical(
        &mut self,
        join: fn(Pair<Bool>) -> Bool,
        sign: &str,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Option<Typed> {
        let left = self.condition(left, sign);
        let right = self.condition(right, sign);
        Some(Typed::Bool(join(Box::new((left?, right?)))))
    }

    pub(super) fn choice(
        &mut self,
        node: &IdedExpr,
        condition: &IdedExpr,
        yes: &IdedExpr,
        no: &IdedExpr,
    ) -> Option<Typed> {
        let condition = self.condition(condition, "`?`");
        let yes = self.expression(yes);
        let no = self.expression(no);
        let condition = condition?;
        match (yes?, no?) {
            (Typed::Bool(yes), Typed::Bool(no)) => {
                Some(Typed::Bool(Bool::Choice(Box::new(Choice { condition, yes, no }))))
            }
            (Typed::Int(yes), Typed::Int(no)) => {
                Some(Typed::Int(Int::Choice(Box::new(Choice { condition, yes, no }))))
            }
            (Typed::Text(yes), Typed::Text(no)) => {
                Some(Typed::Text(Text::Choice(Box::new(Choice { condition, yes, no }))))
            }
            (yes, no) => {
                let (yes, no) = (yes.type_name(), no.type_name());
                let message = format!(
                    "`? :` chooses between two bools, ints or strings, not between {yes} and {no}"
                );
                self.fault(Fault::new(self.parsed.offset(node), message))
            }
        }
    }

    /// `element in list`.
    pub(super) fn membership(
        &mut self,
        node: &IdedExpr,
        element: &IdedExpr,
        list: &IdedExpr,
    ) -> Option<Typed> {
        let lowered = self.expression(element);
        if self.is_attributes(list) {
            let fault = Fault::new(self.parsed.offset(node), "`in` does not look into attributes");
            return self
                .fault(fault.help("a missing attribute is `\"\"`: compare it with `!= \"\"`"));
        }
        let lowered_list = self.expression(list);
        match (lowered?, lowered_list?) {
            (Typed::Text(text), Typed::Texts(texts)) => {
                self.calendar_list(&text, list, &texts)?;
                Some(Typed::Bool(Bool::TextIn(Box::new((text, texts)))))
            }
            (Typed::Int(int), Typed::Ints(ints)) => {
                Some(Typed::Bool(Bool::IntIn(Box::new((int, ints)))))
            }
            (element, list) => {
                let (element_type, list_type) = (element.type_name(), list.type_name());
                let message = format!("`in` looks for {element_type} in {list_type}");
                let help = match list {
                    Typed::Text(_) => "`….contains(…)` looks for a string in a string",
                    Typed::Bool(_) | Typed::Int(_) | Typed::Texts(_) | Typed::Ints(_) => {
                        "it finds a string in a list of strings and an int in a list of ints"
                    }
                };
                self.fault(Fault::new(self.parsed.offset(node), message).help(help))
            }
        }
    }

    fn calendar_list(&mut self, text: &Text, list: &IdedExpr, texts: &Texts) -> Option<()> {
        let cel::common::ast::Expr::List(nodes) = &list.expr else { return Some(()) };
        let Texts::Listed(elements) = texts else { return Some(()) };
        let checked: Vec<_> = nodes
            .elements
            .iter()
            .zip(elements)
            .map(|element| self.calendar_literal(text, element))
            .collect();
        checked.into_iter().collect()
    }

    /// A comparison or a computation.
    pub(super) fn binary(
        &mut self,
        node: &IdedExpr,
        name: &str,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Option<Typed> {
        let operator = binary(name)?;
        let typed_left = self.expression(left);
        let typed_right = self.expression(right);
        match (operator, typed_left?, typed_right?) {
            (Binary::Compare(comparison), Typed::Int(left), Typed::Int(right)) => {
                Some(Typed::Bool(Bool::CompareInts(comparison, Box::new((left, right)))))
            }
            (Binary::Compare(comparison), Typed::Text(a), Typed::Text(b)) => {
                let checked = self.calendar_literal(&a, (right, &b));
                self.calendar_literal(&b, (left, &a)).and(checked)?;
                self.weekday_order(node, comparison, &a, &b)?;
                Some(Typed::Bool(Bool::CompareTexts(comparison, Box::new((a, b)))))
            }
            (Binary::Compare(Comparison::Equal), Typed::Bool(left), Typed::Bool(right)) => {
                Some(Typed::Bool(Bool::Same(Box::new((left, right)))))
            }
            (Binary::Compare(Comparison::NotEqual), Typed::Bool(left), Typed::Bool(right)) => {
                let same = Bool::Same(Box::new((left, right)));
                Some(Typed::Bool(Bool::Not(Box::new(same))))
            }
            (Binary::Compute(arithmetic), Typed::Int(left), Typed::Int(right)) => {
                Some(Typed::Int(Int::Computed(arithmetic, Box::new((left, right)))))
            }
            (Binary::Compute(Arithmetic::Add), Typed::Text(left), Typed::Text(right)) => {
                Some(Typed::Text(Text::Joined(Box::new((left, right)))))
            }
            (Binary::Compare(_) | Binary::Compute(_), left, right) => {
                self.ill_matched(node, &left, &right)
            }
        }
    }

    /// The names of weekdays have an order, and it is not that of the week.
    fn weekday_order(
        &mut self,
        node: &IdedExpr,
        comparison: Comparison,
        left: &Text,
        right: &Text,
    ) -> Option<()> {
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if ordered && (matches!(left, Text::Weekday) || matches!(right, Text::Weekday)) {
            let fault = Fault::new(self.parsed.offset(node), "days of the week are not ordered");
            return self.fault(fault.help("list them, as in `at.weekday in [\"sat\", \"sun\"]`"));
        }
        Some(())
    }

    fn ill_matched<T>(&mut self, node: &IdedExpr, left: &Typed, right: &Typed) -> Option<T> {
        let offset = self.parsed.offset(node);
        let sign = self.token(offset);
        let (left_type, right_type) = (left.type_name(), right.type_name());
        let message = format!("`{sign}` does not go between {left_type} and {right_type}");
        let help = match (left, right) {
            (Typed::Text(Text::Weekday), Typed::Int(_))
            | (Typed::Int(_), Typed::Text(Text::Weekday)) => {
                Some(format!("the days are {}", calendar::weekdays()))
            }
            (Typed::Text(_), Typed::Int(_)) | (Typed::Int(_), Typed::Text(_)) => {
                Some("`int(…)` makes an int of a string".to_owned())
            }
            (Typed::Text(_), Typed::Bool(_)) | (Typed::Bool(_), Typed::Text(_)) => {
                Some("strings are quoted: `\"true\"`".to_owned())
            }
            (Typed::Texts(_) | Typed::Ints(_), _) | (_, Typed::Texts(_) | Typed::Ints(_)) => {
                Some("`in` asks whether a list holds a value, `size(…)` how many".to_owned())
            }
            (Typed::Bool(_) | Typed::Int(_) | Typed::Text(_), _) => None,
        };
        self.fault(Fault::new(offset, message).maybe_help(help))
    }
}
