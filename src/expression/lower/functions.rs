//! Functions.

use std::sync::Arc;

use cel::IdedExpr;
use cel::common::ast::CallExpr;
use cel::common::ast::Expr;
use cel::common::ast::LiteralValue;
use regex::Regex;
use regex::RegexBuilder;

use crate::expression::Capacity;
use crate::expression::Fault;
use crate::expression::PATTERN_BYTES_MAX;
use crate::expression::fault::did_you_mean;
use crate::expression::lower::Lowering;
use crate::expression::lower::Typed;
use crate::expression::tree::Bool;
use crate::expression::tree::Int;
use crate::expression::tree::Text;
use crate::expression::tree::Where;

/// The maximum depth of a pattern.
const PATTERN_NESTING_MAX: u32 = 32;

/// The sizes in which a pattern is tried.
const SIZES: [usize; 4] = [4 << 10, 16 << 10, 64 << 10, PATTERN_BYTES_MAX];

/// Every function, with how it is called.
const FUNCTIONS: [(&str, &str); 7] = [
    ("size", "size(…)"),
    ("int", "int(…)"),
    ("string", "string(…)"),
    ("contains", "….contains(\"…\")"),
    ("startsWith", "….startsWith(\"…\")"),
    ("endsWith", "….endsWith(\"…\")"),
    ("matches", "….matches(\"…\")"),
];

impl Lowering<'_> {
    pub(super) fn function(
        &mut self,
        node: &IdedExpr,
        name: &str,
        call: &CallExpr,
    ) -> Option<Typed> {
        match (name, call.target.as_deref(), call.args.as_slice()) {
            ("size", Some(operand), []) | ("size", None, [operand]) => self.size(operand),
            ("int", None, [operand]) => self.parsed_int(node, operand),
            ("string", None, [operand]) => self.written(operand),
            ("contains", Some(text), [part]) => self.has(name, Where::Anywhere, text, part),
            ("startsWith", Some(text), [part]) => self.has(name, Where::AtTheStart, text, part),
            ("endsWith", Some(text), [part]) => self.has(name, Where::AtTheEnd, text, part),
            ("matches", Some(text), [pattern]) => self.matches(text, pattern),
            _ => self.no_such_call(node, name),
        }
    }

    fn size(&mut self, operand: &IdedExpr) -> Option<Typed> {
        match self.expression(operand)? {
            Typed::Text(text) => Some(Typed::Int(Int::TextSize(Box::new(text)))),
            Typed::Texts(texts) => Some(Typed::Int(Int::TextsSize(texts))),
            Typed::Ints(ints) => Some(Typed::Int(Int::IntsSize(ints))),
            found @ (Typed::Bool(_) | Typed::Int(_)) => {
                self.mistyped(operand, "`size`", "a string or a list", &found)
            }
        }
    }

    fn parsed_int(&mut self, node: &IdedExpr, operand: &IdedExpr) -> Option<Typed> {
        match self.expression(operand)? {
            int @ Typed::Int(_) => Some(int),
            Typed::Text(text) => {
                let spelling = Arc::from(self.argument(self.parsed.offset(node)));
                Some(Typed::Int(Int::Parsed(Box::new(text), spelling)))
            }
            found @ (Typed::Bool(_) | Typed::Texts(_) | Typed::Ints(_)) => {
                self.mistyped(operand, "`int`", "a string", &found)
            }
        }
    }

    fn written(&mut self, operand: &IdedExpr) -> Option<Typed> {
        match self.expression(operand)? {
            text @ Typed::Text(_) => Some(text),
            Typed::Int(int) => Some(Typed::Text(Text::Written(Box::new(int)))),
            found @ (Typed::Bool(_) | Typed::Texts(_) | Typed::Ints(_)) => {
                self.mistyped(operand, "`string`", "an int", &found)
            }
        }
    }

    fn has(&mut self, name: &str, place: Where, text: &IdedExpr, part: &IdedExpr) -> Option<Typed> {
        let user = format!("`{name}`");
        let text = self.text(text, &user);
        let part = self.text(part, &user);
        Some(Typed::Bool(Bool::Has(place, Box::new((text?, part?)))))
    }

    fn matches(&mut self, text: &IdedExpr, pattern: &IdedExpr) -> Option<Typed> {
        let text = self.text(text, "`matches`");
        let Expr::Literal(LiteralValue::String(literal)) = &pattern.expr else {
            let fault =
                Fault::new(self.start(pattern), "the pattern of `matches` is a quoted string");
            return self
                .fault(fault.help("write it out, as in `contact.topic.matches(\"^news\")`"));
        };
        let offset = self.start(pattern);
        match compile(literal.inner(), offset, self.capacity) {
            Ok(regex) => Some(Typed::Bool(Bool::Matches(Box::new(text?), regex))),
            Err(fault) => self.fault(fault),
        }
    }

    fn no_such_call(&mut self, node: &IdedExpr, name: &str) -> Option<Typed> {
        let offset = self.tokens.before(self.parsed.offset(node)).start;
        if let Some((_, usage)) = FUNCTIONS.iter().find(|(function, _)| *function == name) {
            let fault = Fault::new(offset, format!("`{name}` is not called like this"));
            return self.fault(fault.help(format!("write `{usage}`")));
        }
        let help = match name {
            "has" => Some("a missing attribute is `\"\"`: compare it with `!= \"\"`".to_owned()),
            "all" | "exists" | "exists_one" | "map" | "filter" => {
                Some("`\"…\" in …` asks whether a list holds a string".to_owned())
            }
            _ => did_you_mean(name, &FUNCTIONS.map(|(function, _)| function)),
        };
        let all = || {
            let names = FUNCTIONS.map(|(function, _)| format!("`{function}`"));
            format!("the functions are {}", names.join(", "))
        };
        let fault = Fault::new(offset, format!("`{name}` is not a function of content rules"));
        self.fault(fault.help(help.unwrap_or_else(all)))
    }

    /// The source between the parenthesis at `open` and the one that closes it.
    fn argument(&self, open: usize) -> &str {
        let mut depth = 1_usize;
        for token in self.tokens.all_after(open) {
            match self.source.get(token.clone()) {
                Some("(") => depth = depth.saturating_add(1),
                Some(")") => depth = depth.saturating_sub(1),
                Some(_) | None => {}
            }
            if depth == 0 {
                let inside = open.saturating_add(1)..token.start;
                return self.source.get(inside).unwrap_or_default().trim();
            }
        }
        ""
    }
}

/// A pattern, bounded in size; matching takes time linear in the text. Each try takes its
/// capacity, because it takes as much time whether the pattern fits or not.
fn compile(pattern: &str, offset: usize, capacity: &mut Capacity) -> Result<Regex, Fault> {
    let [small, larger @ ..] = SIZES;
    capacity.take_pattern(small, offset)?;
    let mut built = build(pattern, small);
    for size in larger {
        let Err(regex::Error::CompiledTooBig(_)) = built else { break };
        capacity.take_pattern(size, offset)?;
        built = build(pattern, size);
    }
    let fault = |reason: &str| Fault::new(offset, format!("the pattern is not usable: {reason}"));
    built.map_err(|error| match error {
        // The report draws the pattern; its last line says what is wrong.
        regex::Error::Syntax(report) => {
            let reason = report.lines().last().unwrap_or_default();
            fault(reason.trim_start_matches("error: "))
        }
        regex::Error::CompiledTooBig(_) => fault(&format!(
            "it takes more than {PATTERN_BYTES_MAX} bytes when compiled"
        ))
        .help("repeat less, or write `[A-Za-z0-9_]` for `\\w`, which is every letter there is"),
        error => fault(&error.to_string()),
    })
}

/// The pattern, if it is not larger than `size` when compiled.
fn build(pattern: &str, size: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .size_limit(size)
        .dfa_size_limit(PATTERN_BYTES_MAX)
        .nest_limit(PATTERN_NESTING_MAX)
        .build()
}
