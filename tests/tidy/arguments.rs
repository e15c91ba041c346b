//! A function takes at most five arguments, and a tuple counts as what it is made of: a pair that
//! hides the sixth from clippy hides it from the reader, too. Give such arguments a named type, or
//! pass fewer.

use super::tracked;

const ARGUMENTS_MAX: usize = 5;

/// Functions that may take more, by their file and name, and why.
const EXCEPTIONS: &[(&str, &str, &str)] =
    &[("src/calendar/days.rs", "span", "generated tables write dates as (year, month, day)")];

#[test]
fn a_function_takes_few_arguments_also_in_tuples() {
    let (mut found, mut seen, mut excepted) = (Vec::new(), 0, 0);
    for (path, text) in tracked(&["src", "tests", "benches"]) {
        if !path.ends_with(".rs") {
            continue;
        }
        for (name, parameters) in functions(&text) {
            seen += 1;
            // Property tests take what is drawn for them: `id in ".{1,80}"`.
            if parameters.contains(" in ") {
                continue;
            }
            let count: usize = split(parameters).into_iter().map(arguments).sum();
            if count <= ARGUMENTS_MAX {
                continue;
            }
            if EXCEPTIONS.iter().any(|(file, function, _)| (*file, *function) == (&*path, name)) {
                excepted += 1;
                continue;
            }
            found.push(format!("{path}: `{name}` takes {count}: {}", parameters.trim()));
        }
    }
    assert!(seen > 6_000, "only {seen} functions were found");
    assert_eq!(excepted, EXCEPTIONS.len(), "an exception is not needed any more");
    assert!(found.is_empty(), "{} functions:\n{}", found.len(), found.join("\n"));
}

/// The functions of a text, each with what stands between its brackets. Closures have no name, and
/// are not among them.
fn functions(text: &str) -> Vec<(&str, &str)> {
    let is_comment = |at: usize| {
        let line = text.get(..at).and_then(|before| before.rsplit('\n').next());
        line.is_some_and(|line| line.contains("//"))
    };
    let starts = text.match_indices("fn ").filter(|(at, _)| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        before.is_none_or(char::is_whitespace) && !is_comment(*at)
    });
    let declared = starts.filter_map(|(at, word)| {
        let rest = text.get(at + word.len()..)?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let (name, rest) = rest.split_at(end);
        let open = end_of_generics(rest)?;
        let rest = rest.get(open..)?.strip_prefix('(')?;
        Some((name, rest.get(..closing(rest)?)?))
    });
    declared.filter(|(name, _)| !name.is_empty()).collect()
}

/// Where the brackets of a function begin, after its generic parameters.
fn end_of_generics(rest: &str) -> Option<usize> {
    let mut depth = 0;
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            '(' if depth == 0 => return Some(at),
            _ => {}
        }
        before = c;
    }
    None
}

/// Where the bracket ends in which a text begins.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The parts of a list, at the commas that stand in no bracket.
fn split(list: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut before) = (Vec::new(), 0, 0, ' ');
    for (at, c) in list.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if before != '-' => depth -= 1,
            ',' if depth == 0 => {
                parts.extend(list.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    parts.extend(list.get(start..));
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// How many arguments a parameter is: as many as its tuple has fields, else one.
fn arguments(parameter: &str) -> usize {
    let Some((_, kind)) = parameter.split_once(": ") else { return 1 };
    let kind = kind.trim_start_matches('&');
    let kind = kind.split_once(' ').filter(|(it, _)| it.starts_with('\'')).map_or(kind, |it| it.1);
    let kind = kind.trim_start_matches("mut ");
    let fields = kind.strip_prefix('(').and_then(|rest| rest.get(..closing(rest)?));
    fields.map_or(1, |fields| split(fields).len().max(1))
}

#[test]
fn a_tuple_counts_as_its_fields() {
    let text =
        "/// fn no(a: u8)\npub fn f<T: Fn(u8) -> u8>(&self, (a, b): (u8, Vec<(u8, u8)>), c: T) {}";
    let [(name, parameters)] = functions(text)[..] else { panic!("one function") };
    let counts: Vec<usize> = split(parameters).into_iter().map(arguments).collect();
    assert_eq!((name, counts), ("f", vec![1, 2, 1]));
    for (parameter, count) in [
        ("x: &mut (u8, u8)", 2),
        ("x: &'a (u8, u8, u8)", 3),
        ("x: ()", 1),
        ("x: impl Fn(u8, u8) -> u8", 1),
        ("mut self", 1),
    ] {
        assert_eq!(arguments(parameter), count, "{parameter}");
    }
}
