//! The names of the occasions for people, in the languages of the pages for customers.

/// A line for each: its name, and its title in these languages, separated by tabs.
const TITLES: &str = include_str!("titles.tsv");

/// The title of an occasion in a language; `None` if there is no translation.
pub(super) fn find(name: &str, language: &str) -> Option<&'static str> {
    let mut lines = TITLES.lines();
    let place = lines.next()?.split('\t').position(|it| it.eq_ignore_ascii_case(language))?;
    let line = lines.find(|line| line.split('\t').next() == Some(name))?;
    line.split('\t').nth(place).filter(|_| place > 0)
}

#[cfg(test)]
mod tests {
    use super::super::Occasion;
    use super::*;

    #[test]
    fn every_occasion_has_a_title_in_every_language() {
        for occasion in Occasion::all() {
            for language in ["es", "fr", "de", "pt", "it"] {
                let title = find(occasion.name(), language);
                assert!(title.is_some_and(|it| !it.is_empty()), "{} {language}", occasion.name());
            }
            assert_eq!(occasion.title_in("ja"), occasion.title());
        }
        assert_eq!(TITLES.lines().count(), Occasion::all().len() + 1);
        let day = Occasion::find("mothers_day").unwrap();
        assert_eq!([day.title_in("pt-BR"), day.title_in("DE")], ["Dia da Mãe", "Muttertag"]);
    }
}
