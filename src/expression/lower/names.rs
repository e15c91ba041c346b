//! The fields of `contact`, `customer` and `at`.

use cel::IdedExpr;
use cel::common::ast::Expr;
use cel::common::ast::LiteralValue;
use cel::common::ast::SelectExpr;

use crate::expression::Fault;
use crate::expression::Grain;
use crate::expression::fault::did_you_mean;
use crate::expression::lower::Lowering;
use crate::expression::lower::Typed;
use crate::expression::tree::Field;
use crate::expression::tree::Int;
use crate::expression::tree::Text;
use crate::expression::tree::Texts;
use crate::model::Label;
use crate::model::Name;
use crate::model::word::words;

words! {
    /// The roots of names.
    enum Root {
        Contact,
        Customer,
        At,
    }
}

/// The kind of a field.
enum Member {
    Value(Typed),
    /// Strings by key, which are no value of their own.
    Attributes(fn(Name) -> Text),
}

impl Root {
    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|root| root.as_str() == name)
    }

    fn fields(self) -> Vec<&'static str> {
        match self {
            Self::Contact => {
                let labels = Label::ALL.map(Label::as_str);
                let first = ["channel", "purpose"].into_iter().chain(labels);
                first.chain(["occasions", "priority", "attributes"]).collect()
            }
            Self::Customer => vec!["segments", "jurisdictions", "locale", "attributes"],
            Self::At => vec!["date", "weekday", "hour", "minute"],
        }
    }

    fn member(self, field: &str) -> Option<Member> {
        let text = |field| Typed::Text(Text::Field(field));
        Some(Member::Value(match (self, field) {
            (Self::Contact, "attributes") => {
                return Some(Member::Attributes(Text::ContactAttribute));
            }
            (Self::Customer, "attributes") => {
                return Some(Member::Attributes(Text::CustomerAttribute));
            }
            (Self::Contact, "channel") => text(Field::Other(|it| it.channel)),
            (Self::Contact, "purpose") => text(Field::Other(|it| it.purpose)),
            (Self::Contact, "occasions") => Typed::Texts(Texts::Occasions),
            (Self::Contact, "priority") => Typed::Int(Int::Priority),
            (Self::Contact, name) => text(Field::Label(Label::named(name)?)),
            (Self::Customer, "segments") => Typed::Texts(Texts::Segments),
            (Self::Customer, "jurisdictions") => Typed::Texts(Texts::Jurisdictions),
            (Self::Customer, "locale") => {
                text(Field::Other(|it| it.profile.locale.as_deref().unwrap_or_default()))
            }
            (Self::At, "date") => Typed::Text(Text::Date),
            (Self::At, "weekday") => Typed::Text(Text::Weekday),
            (Self::At, "hour") => Typed::Int(Int::Hour),
            (Self::At, "minute") => Typed::Int(Int::Minute),
            (Self::Customer | Self::At, _) => return None,
        }))
    }
}

impl Lowering<'_> {
    /// A name by itself, which is never a value.
    pub(super) fn lone_name(&mut self, node: &IdedExpr, name: &str) -> Option<Typed> {
        if let Some(root) = Root::named(name) {
            let fault = Fault::new(self.start(node), format!("`{name}` is not a value by itself"));
            return self.fault(fault.help(format!("name a field: {}", fields_of(root))));
        }
        self.unknown_name(node, name)
    }

    fn unknown_name<T>(&mut self, node: &IdedExpr, name: &str) -> Option<T> {
        let owner = Root::ALL.into_iter().find(|root| root.fields().contains(&name));
        let help = match owner {
            Some(root) => format!("did you mean `{}.{name}`?", root.as_str()),
            None => did_you_mean(name, &Root::ALL.map(Root::as_str)).unwrap_or_else(|| {
                "there are `contact`, `customer` and `at`; strings are quoted".to_owned()
            }),
        };
        let fault = Fault::new(self.start(node), format!("`{name}` is unknown"));
        self.fault(fault.help(help))
    }

    /// `contact.channel`.
    pub(super) fn field(&mut self, node: &IdedExpr, select: &SelectExpr) -> Option<Typed> {
        let at = self.tokens.after(self.parsed.offset(node)).start;
        let field = select.field.as_str();
        if self.is_attributes(&select.operand) {
            let owner = self.source.get(self.start(node)..self.parsed.offset(node))?.trim_end();
            let fault = Fault::new(at, format!("attributes are read by key, not as `.{field}`"));
            return self.fault(fault.help(format!("write `{owner}[\"{field}\"]`")));
        }
        match self.member(node)? {
            Member::Value(value) => {
                self.note(&value);
                Some(value)
            }
            Member::Attributes(_) => {
                let fault = Fault::new(self.start(node), "attributes are not values by themselves");
                let owner = self.source.get(self.start(node)..at)?;
                self.fault(fault.help(format!(
                    "name one: `{owner}{field}[\"…\"]`, which is `\"\"` when missing"
                )))
            }
        }
    }

    /// `contact.attributes["…"]`, the only thing that is indexed.
    pub(super) fn index(
        &mut self,
        node: &IdedExpr,
        operand: &IdedExpr,
        index: &IdedExpr,
    ) -> Option<Typed> {
        if !self.is_attributes(operand) {
            self.expression(operand)?;
            let fault = Fault::new(self.parsed.offset(node), "only attributes have a `[…]`");
            return self.fault(fault.help("`\"…\" in …` asks whether a list holds a string"));
        }
        let Member::Attributes(attribute) = self.member(operand)? else { return None };
        let Expr::Literal(LiteralValue::String(key)) = &index.expr else {
            let fault = Fault::new(self.start(index), "the key of an attribute is a quoted string");
            return self
                .fault(fault.help("write it out, as in `contact.attributes[\"sentiment\"]`"));
        };
        match Name::new(key.inner()) {
            Ok(key) => Some(Typed::Text(attribute(key))),
            Err(error) => self.refuse(index, format!("no attribute has this key: {error}")),
        }
    }

    /// Whether the node is `contact.attributes` or `customer.attributes`.
    pub(super) fn is_attributes(&self, node: &IdedExpr) -> bool {
        let Expr::Select(select) = &node.expr else { return false };
        let Expr::Ident(of) = &select.operand.expr else { return false };
        select.field == "attributes" && (of == "contact" || of == "customer")
    }

    /// The member that a selection names, or a fault.
    fn member(&mut self, node: &IdedExpr) -> Option<Member> {
        let Expr::Select(select) = &node.expr else { return None };
        let at = self.tokens.after(self.parsed.offset(node)).start;
        let field = select.field.as_str();
        let Expr::Ident(name) = &select.operand.expr else {
            self.expression(&select.operand)?;
            return self.fault(Fault::new(at, format!("there is no `{field}` in a value")));
        };
        let Some(root) = Root::named(name) else { return self.unknown_name(&select.operand, name) };
        let member = root.member(field);
        if member.is_none() {
            let help = did_you_mean(field, &root.fields()).or_else(|| {
                let owner = Root::ALL.into_iter().find(|other| other.fields().contains(&field))?;
                Some(format!("did you mean `{}.{field}`?", owner.as_str()))
            });
            let fault = Fault::new(at, format!("`{name}` has no `{field}`"));
            let help = help.unwrap_or_else(|| format!("it has {}", fields_of(root)));
            return self.fault(fault.help(help));
        }
        member
    }

    /// Takes note of a field that is not at hand for nothing.
    fn note(&mut self, value: &Typed) {
        let grain = match value {
            Typed::Int(Int::Minute) => Grain::Minute,
            Typed::Int(Int::Hour) => Grain::Hour,
            Typed::Text(Text::Date | Text::Weekday) => Grain::Day,
            Typed::Texts(Texts::Jurisdictions) => {
                self.reads.jurisdictions = true;
                return;
            }
            Typed::Bool(_) | Typed::Int(_) | Typed::Text(_) | Typed::Texts(_) | Typed::Ints(_) => {
                return;
            }
        };
        let finest = self.reads.grain.map_or(grain, |finest| finest.min(grain));
        self.reads.grain = Some(finest);
    }
}

fn fields_of(root: Root) -> String {
    let names: Vec<_> = root.fields().iter().map(|field| format!("`{field}`")).collect();
    names.join(", ")
}
