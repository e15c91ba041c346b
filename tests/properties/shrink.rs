//! The smallest document that still fails: every node is tried without.

use crate::yaml::Value;

pub(crate) fn shrink(document: Value, fails: impl Fn(&Value) -> bool) -> Value {
    let mut smallest = document;
    loop {
        let before = smallest.size();
        let mut position = 1;
        while position < smallest.size() {
            match without(&smallest, position) {
                Some(smaller) if fails(&smaller) => smallest = smaller,
                Some(_) | None => position += 1,
            }
        }
        if smallest.size() == before {
            return smallest;
        }
    }
}

/// The document without its node at a position, counted in depth-first order.
fn without(value: &Value, position: usize) -> Option<Value> {
    let mut smaller = value.clone();
    remove(&mut smaller, &mut position.clone()).then_some(smaller)
}

fn remove(value: &mut Value, position: &mut usize) -> bool {
    let children: Vec<&mut Value> = match value {
        Value::Null | Value::Text { .. } => return false,
        Value::List(items) => items.iter_mut().collect(),
        Value::Map(entries) => entries.iter_mut().map(|(_, value)| value).collect(),
    };
    let mut gone = None;
    for (index, child) in children.into_iter().enumerate() {
        *position -= 1;
        if *position == 0 {
            gone = Some(index);
            break;
        }
        if remove(child, position) {
            return true;
        }
    }
    match (value, gone) {
        (Value::List(items), Some(index)) => drop(items.remove(index)),
        (Value::Map(entries), Some(index)) => drop(entries.remove(index)),
        (Value::Null | Value::Text { .. } | Value::List(_) | Value::Map(_), _) => return false,
    }
    true
}
