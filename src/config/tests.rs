use super::*;

fn write(text: &str) -> tempfile::TempPath {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    file.into_temp_path()
}

fn file(text: &str) -> Settings {
    Settings::read(&write(text)).unwrap()
}

#[test]
fn what_was_given_goes_before_the_file_and_the_file_before_defaults() {
    let given = Settings { threads: Some(3), ..Settings::default() };
    let file = file("threads = 2\ndrain = \"7s\"\noperations = \"off\"\n");
    let (config, effective) = Config::resolve(given, file);
    assert_eq!(config.threads, 3);
    assert_eq!(config.drain, Period(Duration::from_secs(7)));
    assert_eq!(config.operations, Switch::Off);
    assert_eq!(config.listen, Config::default().listen);
    let of = |key| effective.iter().find(|it| it.key == key).unwrap().origin;
    assert_eq!(
        (of("threads"), of("drain"), of("log")),
        (Origin::Given, Origin::File, Origin::Default)
    );
}

#[test]
fn an_unknown_key_or_a_wrong_value_is_shown_at_its_place() {
    for (text, needles) in [
        ("threads = 2\nlisen = \"x\"\n", ["line 2", "unknown field `lisen`", "`listen`"]),
        ("drain = \"7\"\n", ["line 1", "250ms", "a day"]),
        ("operations = \"on\"\n", ["line 1", "address", "off"]),
        ("log_format = \"xml\"\n", ["line 1", "text", "json"]),
    ] {
        let error = Settings::read(&write(text)).unwrap_err().to_string();
        for needle in needles {
            assert!(error.contains(needle), "`{needle}` is not in: {error}");
        }
    }
}

#[test]
fn what_is_printed_can_be_read_again() {
    let given = Settings { connection_age_max: Some(Switch::Off), ..Settings::default() };
    let (config, effective) = Config::resolve(given, Settings::default());
    let lines: Vec<String> =
        effective.iter().map(|it| format!("{} = {}", it.key, it.value)).collect();
    let again = file(&lines.join("\n"));
    assert_eq!(Config::resolve(Settings::default(), again).0, config);
}

#[test]
fn periods_are_written_with_the_largest_unit_that_fits() {
    for text in ["250ms", "2s", "30m", "1h", "24h", "61s", "90m"] {
        assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
    }
    for text in
        ["", "5", "0s", "-1s", "1.5s", "25h", "s", "99999999999999999999h", "18446744073709551615h"]
    {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}
