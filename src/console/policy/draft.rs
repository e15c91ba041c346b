//! The form in which a policy is edited: it holds all that there is to know between two requests.

use maud::Markup;
use maud::html;

use super::lines;
use super::lines::Line;
use crate::console::visit::Visit;
use crate::proto::v1;

/// The least and the most rows of a document's text on the page.
const ROWS: (usize, usize) = (6, 36);
/// The default number of days that a simulation looks back.
pub(super) const DAYS: u32 = 28;

/// The content of the form.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) documents: Vec<Document>,
    /// The revision that is edited.
    pub(super) expected: u64,
    pub(super) note: String,
    /// The time from which it is in force, in UTC, as browsers write it; at once if empty.
    pub(super) at: String,
    /// The number of days that a simulation looks back.
    pub(super) days: String,
    pub(super) wanted: Wanted,
}

/// A document as it stands in the form.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    /// Its name when it was last in force; empty for one that was added.
    name: String,
    text: String,
    /// The name that the text gives itself.
    own: Option<String>,
}

/// The button that was pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Wanted {
    #[default]
    Check,
    Simulate,
    Apply,
    /// A further document.
    Add,
    /// Remove a document.
    Remove(usize),
    /// Continue from the revision that came into force meanwhile.
    GoOn(u64),
}

impl Document {
    fn new(name: String, text: String) -> Self {
        let own = lines::own_name(&text);
        Self { name, text, own }
    }
}

impl Wanted {
    fn of(said: &str) -> Self {
        match said.split_once(':') {
            Some(("remove", index)) => index.parse().map(Self::Remove).unwrap_or_default(),
            Some(("go-on", revision)) => revision.parse().map(Self::GoOn).unwrap_or_default(),
            _ => match said {
                "simulate" => Self::Simulate,
                "apply" => Self::Apply,
                "add" => Self::Add,
                _ => Self::Check,
            },
        }
    }
}

impl Draft {
    /// The policy in force, to be edited.
    pub(super) fn of_policy(policy: v1::Policy) -> Self {
        let documents = policy.documents.into_iter();
        Self {
            documents: documents.map(|it| Document::new(it.name, it.text)).collect(),
            expected: policy.revision,
            days: DAYS.to_string(),
            ..Self::default()
        }
    }

    /// The form that a browser sent. Browsers end lines with two characters, documents with one.
    pub(super) fn of_form(fields: Vec<(String, String)>) -> Self {
        let mut draft = Self::default();
        for (name, value) in fields {
            match &*name {
                "document" => draft.documents.push(Document::new(value, String::new())),
                "text" => {
                    if let Some(last) = draft.documents.last_mut() {
                        let name = std::mem::take(&mut last.name);
                        *last = Document::new(name, value.replace("\r\n", "\n"));
                    }
                }
                "expected_revision" => draft.expected = value.trim().parse().unwrap_or_default(),
                "note" => draft.note = value,
                "at" => draft.at = value,
                "days" => draft.days = value,
                "do" => draft.wanted = Wanted::of(&value),
                _ => {}
            }
        }
        draft
    }

    /// The documents, for a request.
    pub(super) fn sent(&self) -> Vec<v1::PolicyDocument> {
        let documents = self.documents.iter();
        documents
            .map(|it| v1::PolicyDocument { text: it.text.clone(), name: String::new() })
            .collect()
    }

    /// Another document.
    pub(super) fn add(&mut self) {
        self.documents.push(Document::default());
    }

    /// Removes a document.
    pub(super) fn remove(&mut self, index: usize) {
        if index < self.documents.len() {
            self.documents.remove(index);
        }
    }

    /// The document of a problem: by the name that the document gives itself, that it had, or that
    /// its place gives it.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let names = |own: &dyn Fn(usize, &Document) -> bool| {
            let mut documents = self.documents.iter().enumerate();
            documents.find(|(index, it)| own(*index, it)).map(|(index, _)| index)
        };
        names(&|_, it| it.own.as_deref() == Some(name))
            .or_else(|| names(&|_, it| it.name == name))
            .or_else(|| names(&|index, _| format!("documents[{index}]") == name))
    }
}

/// The form, in which each document stands above its lines with what is wrong in them.
pub(super) fn form(visit: &Visit, draft: &Draft, problems: &[v1::PolicyProblem]) -> Markup {
    html! {
        form method="post" action="/policy/edit" class="editor" id="editor" autocomplete="off" {
            input type="hidden" name="expected_revision" value=(draft.expected);
            // The button that the Enter key presses.
            button class="visually-hidden" name="do" value="check" tabindex="-1" aria-hidden="true"
                { "Check" }
            @for (index, it) in draft.documents.iter().enumerate() {
                (document(draft, (index, it), problems))
            }
            p { button class="plain" name="do" value="add" { "Add a document" } }
            (buttons(visit, draft))
        }
    }
}

fn document(
    draft: &Draft,
    (index, it): (usize, &Document),
    problems: &[v1::PolicyProblem],
) -> Markup {
    let title = it.own.as_ref().unwrap_or(&it.name);
    let title = if title.is_empty() { "New document" } else { title };
    let rows = it.text.lines().count().saturating_add(1).clamp(ROWS.0, ROWS.1);
    let here: Vec<&v1::PolicyProblem> = problems
        .iter()
        .filter(|problem| draft.position(&problem.document) == Some(index))
        .collect();
    html! {
        section class="document" aria-label=(title) {
            div class="head" {
                h2 { (title) }
                button class="plain small" name="do" value={ "remove:" (index) } { "Remove" }
            }
            input type="hidden" name="document" value=(it.name);
            label { span class="visually-hidden" { "Text of " (title) }
                // A browser leaves out the first line break.
                textarea name="text" id={ "text-" (index) } rows=(rows) spellcheck="false" {
                    "\n" (it.text)
                }
            }
            @if let Some(first) = here.first() {
                details open {
                    summary { "The checked text, line by line" }
                    (lines::numbered(&first.document, &it.text, |line| said(&here, line)))
                }
            }
        }
    }
}

/// The problems of a line.
fn said(problems: &[&v1::PolicyProblem], line: usize) -> Line {
    let here = |it: &&&v1::PolicyProblem| usize::try_from(it.line) == Ok(line);
    let mut here = problems.iter().filter(here).peekable();
    if here.peek().is_none() {
        return Line::Plain;
    }
    Line::Wrong(html! {
        @for it in here { span class="says" { "column " (it.column) ": " (it.message) } }
    })
}

fn buttons(visit: &Visit, draft: &Draft) -> Markup {
    html! {
        div class="bar" {
            button class="plain" name="do" value="check" { "Check" }
            span class="group" {
                label { "Days to look back"
                    input name="days" value=(draft.days) inputmode="numeric" size="4" maxlength="3";
                }
                button class="plain" name="do" value="simulate" { "Simulate" }
            }
            @if visit.may("PolicyService/ApplyPolicy") {
                span class="group" {
                    label { "Why" input name="note" value=(draft.note) size="28" maxlength="1024"; }
                    label { "From (UTC); empty is now"
                        input type="datetime-local" name="at" value=(draft.at);
                    }
                    button name="do" value="apply" { "Apply" }
                }
            }
        }
    }
}

/// The mistakes, or what is doubtful, each with a link to its line.
pub(super) fn problems(draft: &Draft, problems: &[v1::PolicyProblem]) -> Markup {
    html! {
        ul class="problems" {
            @for it in problems {
                @let place = format!("{}:{}:{}", it.document, it.line, it.column);
                li {
                    @if let Some(index) = draft.position(&it.document) {
                        a class="nowrap" href={
                            "#"
                            (lines::id(&it.document, usize::try_from(it.line).unwrap_or_default()))
                        }
                            data-text={ "text-" (index) } data-line=(it.line)
                                data-column=(it.column) { (place) }
                    } @else { strong { (place) } }
                    " " (it.message)
                    @if !it.help.is_empty() { span class="soft" { " – " (it.help) } }
                }
            }
        }
    }
}
