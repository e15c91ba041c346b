//! Events of the YAML parser become nodes, within bounds that hold while the events stream in.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use granit_parser::Event;
use granit_parser::Marker;
use granit_parser::Parser;
use granit_parser::ScalarStyle;
use granit_parser::Span;
use granit_parser::StrInput;

use super::DEPTH_MAX;
use super::Entry;
use super::NODES_MAX;
use super::Node;
use super::Scalar;
use super::Value;
use super::quoted;
use super::syntax;
use crate::policy::problem::Problems;
use crate::policy::source;
use crate::policy::source::DOCUMENT_BYTES_MAX;
use crate::policy::source::Position;
use crate::policy::source::Source;

/// The tree of a document; `None` if the text makes no tree.
///
/// A tree may come with problems all the same: a key written twice leaves the first.
pub(crate) fn read(source: &Source, problems: &mut Problems) -> Option<Rc<Node>> {
    let start = problems.add(source);
    let text = source.text();
    if text.len() > DOCUMENT_BYTES_MAX {
        problems.error(start, source::too_long(text.len()), source::TOO_LONG_HELP);
        return None;
    }
    if let Some((offset, c)) = text.char_indices().find(|(_, c)| !syntax::is_printable(*c)) {
        let message = format!("the character {} cannot stand in a document", c.escape_unicode());
        let help = "remove it, or write it as an escape in double quotes";
        problems.error(start.after(text.get(..offset).unwrap_or_default()), message, help);
        return None;
    }
    let options = granit_parser::options! {
        emit_comments: false,
        disallow_directives: true,
        // The reader counts levels itself, and says so better.
        flow_nesting_limit: DEPTH_MAX + 2,
        block_nesting_limit: DEPTH_MAX + 2,
    };
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader { parser, text, start, anchors: BTreeMap::new(), nodes: 0, problems };
    match reader.document() {
        Ok(node) => node,
        Err(Stop(problem)) => {
            let (at, message, help) = *problem;
            problems.error(at, message, help);
            None
        }
    }
}

/// An error after which reading stops.
struct Stop(Box<(Position, String, String)>);

impl Stop {
    fn new(at: Position, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self(Box::new((at, message.into(), help.into())))
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    text: &'a str,
    start: Position,
    anchors: BTreeMap<usize, Rc<Node>>,
    nodes: usize,
    problems: &'a mut Problems,
}

impl<'a> Reader<'a> {
    /// The only document of the text.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's events grow with its releases"
    )]
    fn document(&mut self) -> Result<Option<Rc<Node>>, Stop> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            let at = self.position(span);
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    let help = "write each document into a file of its own";
                    return Err(Stop::new(at, "a second document begins here", help));
                }
                Event::DocumentStart(..) => {
                    if let Some((event, span)) = self.next()? {
                        root = Some(self.node(event, span, 1)?);
                    }
                }
                other => return Err(self.unexpected(&other, at)),
            }
        }
        if root.is_none() {
            let help = "write at least a name, such as `name: base`";
            self.problems.error(self.start, "the document is empty", help);
        }
        Ok(root)
    }

    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Stop> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => {
                let at = self.place(*error.marker());
                let (message, help) = syntax::explain(error.kind());
                Err(Stop::new(at, message, help))
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's events grow with its releases"
    )]
    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Rc<Node>, Stop> {
        let at = self.position(span);
        if let Some(tag) = event.tag() {
            let at = span.tag_span().map_or(at, |tag| self.position(tag));
            let message = format!("the tag {} has no meaning here", quoted(&tag.original()));
            self.problems.error(at, message, "remove it; write text in quotes");
        }
        let (anchor, value) = match event {
            Event::Alias(id) => return self.alias(id, at, depth),
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let end = span.end.byte_offset().unwrap_or(at.offset);
                (anchor, Value::Scalar(Scalar { text: Arc::from(text), plain, end }))
            }
            Event::SequenceStart(_, anchor, _) => (anchor, self.list(at, depth)?),
            Event::MappingStart(_, anchor, _) => (anchor, self.map(at, depth)?),
            other => return Err(self.unexpected(&other, at)),
        };
        self.count(1, at)?;
        let (nodes, levels) = value.extent();
        let node = Rc::new(Node { position: at, value, nodes, levels });
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        Ok(node)
    }

    fn list(&mut self, at: Position, depth: usize) -> Result<Value, Stop> {
        let depth = deeper(at, depth, 1)?;
        let mut items = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::SequenceEnd {
                break;
            }
            items.push(self.node(event, span, depth)?);
        }
        Ok(Value::List(items))
    }

    fn map(&mut self, at: Position, depth: usize) -> Result<Value, Stop> {
        let depth = deeper(at, depth, 1)?;
        let mut entries = Vec::new();
        let mut lines = BTreeMap::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::MappingEnd {
                break;
            }
            let key = self.node(event, span, depth)?;
            let Some((event, span)) = self.next()? else { break };
            let node = self.node(event, span, depth)?.or_at(key.position);
            let position = key.position;
            let Value::Scalar(key) = &key.value else {
                let help = "write a text as the key";
                self.problems.error(position, "a key cannot be a list or a map", help);
                continue;
            };
            if key.plain && &*key.text == "<<" {
                let help = "write the keys out: every rule stands for itself";
                self.problems.error(position, "merge keys are not read", help);
            } else if let Some(line) = lines.get(&key.text) {
                let message = format!("the key {} is written twice", quoted(&key.text));
                let help = format!("the first is on line {line}; remove one of them");
                self.problems.error(position, message, help);
            } else {
                lines.insert(Arc::clone(&key.text), position.line);
                entries.push(Entry { key: Arc::clone(&key.text), position, node });
            }
        }
        Ok(Value::Map(entries))
    }

    /// The node of an anchor. It is shared, but counted as if it were written out.
    fn alias(&mut self, id: usize, at: Position, depth: usize) -> Result<Rc<Node>, Stop> {
        let Some(node) = self.anchors.get(&id).map(Rc::clone) else {
            let help = "write the value out";
            return Err(Stop::new(at, "this alias stands inside of what it refers to", help));
        };
        self.count(node.nodes, at)?;
        deeper(at, depth, node.levels)?;
        Ok(node)
    }

    fn count(&mut self, nodes: usize, at: Position) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= NODES_MAX {
            return Ok(());
        }
        let message = format!("a document has at most {NODES_MAX} values, counting aliases");
        Err(Stop::new(at, message, source::TOO_LONG_HELP))
    }

    fn unexpected(&self, event: &Event<'_>, at: Position) -> Stop {
        Stop::new(at, format!("cannot read {event:?} here"), "write plain YAML or JSON")
    }

    fn position(&self, span: Span) -> Position {
        let mut position = self.place(span.start);
        if span.start.line() == span.end.line() {
            position.width = span.end.col().saturating_sub(span.start.col()).max(1);
        }
        position
    }

    fn place(&self, marker: Marker) -> Position {
        Position {
            source: self.start.source,
            offset: marker.byte_offset().unwrap_or_default().min(self.text.len()),
            line: marker.line().max(1),
            column: marker.col() + 1,
            width: 1,
        }
    }
}

/// The depth of what is `levels` below `depth`, if that is not too deep.
fn deeper(at: Position, depth: usize, levels: usize) -> Result<usize, Stop> {
    let deepest = depth.saturating_add(levels);
    if deepest <= DEPTH_MAX + 1 {
        return Ok(deepest);
    }
    let message = format!("lists and maps may be {DEPTH_MAX} deep, this is deeper");
    Err(Stop::new(at, message, "nothing in a policy is nested that deep: check the brackets"))
}

impl Node {
    /// The node; an empty one is placed at `key`, where people look for it.
    fn or_at(self: Rc<Self>, key: Position) -> Rc<Self> {
        match &self.value {
            Value::Scalar(scalar) if scalar.plain && scalar.end <= self.position.offset => {
                let value = Value::Scalar(scalar.clone());
                Rc::new(Self { position: key, value, nodes: self.nodes, levels: self.levels })
            }
            Value::Scalar(_) | Value::List(_) | Value::Map(_) => self,
        }
    }
}

impl Value {
    /// The number of nodes, this one included, and of levels of lists and maps.
    pub(super) fn extent(&self) -> (usize, usize) {
        let below = |nodes: &mut dyn Iterator<Item = &Rc<Node>>, keys: usize| {
            nodes.fold((1 + keys, 1), |(count, levels), node| {
                (count + node.nodes, levels.max(node.levels + 1))
            })
        };
        match self {
            Self::Scalar(_) => (1, 0),
            Self::List(items) => below(&mut items.iter(), 0),
            Self::Map(entries) => below(&mut entries.iter().map(|it| &it.node), entries.len()),
        }
    }
}
