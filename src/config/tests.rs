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
        (
            "threads = 2\nlisen = \"x\"\n",
            ["line 2", "no setting `lisen`", "did you mean `listen`?"],
        ),
        ("tls-cert-file = \"x\"\n", ["line 1", "no setting `tls-cert-file`", "`tls_cert_file`?"]),
        ("colour = \"x\"\n", ["line 1", "no setting `colour`", "`courtesy config` prints"]),
        ("drain = \"7\"\n", ["line 1", "250ms", "a day"]),
        ("operations = \"on\"\n", ["line 1", "address", "off"]),
        ("log_format = \"xml\"\n", ["line 1", "text", "json"]),
    ] {
        let error = Settings::read(&write(text)).unwrap_err().to_string();
        for needle in needles {
            assert!(error.contains(needle), "`{needle}` is not in: {error}");
            assert!(!error.contains("unknown field"), "{error}");
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

/// `docs/operations.md` lists every setting as it is. `COURTESY_BLESS=1` writes the list anew.
#[test]
fn the_page_for_operators_lists_the_settings() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once("<!-- settings -->\n").unwrap();
    let (listed, tail) = rest.split_once("<!-- end of settings -->\n").unwrap();
    let table = table();
    if listed == table {
        return;
    }
    assert!(
        std::env::var_os("COURTESY_BLESS").is_some(),
        "docs/operations.md does not list the settings as they are; write it with: \
         COURTESY_BLESS=1 cargo test the_page_for_operators"
    );
    let written = format!("{head}<!-- settings -->\n{table}<!-- end of settings -->\n{tail}");
    std::fs::write(&path, written).unwrap();
}

fn table() -> String {
    let command = <Settings as clap::Args>::augment_args(clap::Command::new("serve"));
    let (_, effective) = Config::resolve(Settings::default(), Settings::default());
    let mut table = "| key | default | means |\n|---|---|---|\n".to_owned();
    for Effective { key, value, meaning, .. } in effective {
        let argument = command.get_arguments().find(|argument| argument.get_id() == key);
        let choices = argument.map(clap::Arg::get_possible_values).unwrap_or_default();
        let names: Vec<String> =
            choices.iter().map(|choice| format!("`{}`", choice.get_name())).collect();
        // A boolean's are not worth saying.
        let choices = match names.as_slice() {
            [] => String::new(),
            [first, ..] if first == "`true`" => String::new(),
            names => format!(": {}", names.join(", ")),
        };
        let meaning = meaning.trim().replace('|', "\\|");
        table.extend([format!("| `{key}` | `{value}` | {meaning}{choices} |\n")]);
    }
    table
}
