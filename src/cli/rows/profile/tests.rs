use super::*;

#[test]
fn every_profile_that_ships_can_be_read_and_names_its_source() {
    let profiles = shipped().map_err(|error| error.to_string()).unwrap();
    assert_eq!(profiles.len(), SHIPPED.len());
    for (profile, (name, _)) in profiles.iter().zip(SHIPPED) {
        assert_eq!(profile.name, *name);
        assert!(profile.source.iter().all(|source| source.starts_with("https://")), "{name}");
        assert!(!profile.unverified.is_empty(), "{name}: no one has every export");
        for export in &profile.exports {
            assert!(!export.recognise.is_empty() && !export.about.is_empty(), "{name}");
        }
    }
}

#[test]
fn a_profile_with_a_mistake_says_what_it_is() {
    let wrong = |text: &str| Profile::read("mine.yaml", text).unwrap_err().to_string();
    let start = "name: mine\ntitle: Mine\nsource: [https://example.com]\nexports:\n";
    let export = "  - {name: a, about: b, recognise: [c], id: [c], ";
    assert!(wrong(&format!("{start}{export}eech: []}}")).contains("unknown field `eech`"));
    assert!(
        wrong(&format!("{start}{export}each: [opt_out:chanel=x]}}")).contains("is not an opt-out")
    );
    assert!(wrong(&format!("{start}{export}columns: {{d: nme}}}}")).contains("no field `nme`"));
    assert!(wrong(&format!("{start}{export}time_zone: Mars}}")).contains("is not a zone"));
    assert!(wrong("name: [").contains("mine.yaml"));
}
