use super::*;

#[test]
fn the_defaults_are_right() {
    assert_eq!(ConfigurationFile::default().checked().unwrap(), Configuration::default());
}

#[test]
fn every_configuration_that_is_shipped_can_be_loaded() {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
    for place in ["base", "test", "acceptance", "production"] {
        Configuration::load(Some(&deploy.join("kubernetes").join(place).join("gridspark.toml")), None)
            .unwrap();
    }
    let compose = Configuration::load(Some(&deploy.join("compose/gridspark.toml")), None).unwrap();
    assert_eq!(compose.vault.unwrap().path.unwrap(), "grid/compose/gridspark");
}

#[test]
fn an_unknown_setting_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gridspark.toml");
    std::fs::write(&path, "power_factor = 0.9\npower_faktor = 0.9\n").unwrap();
    let message = Configuration::load(Some(&path), None).unwrap_err().to_string();
    assert!(message.contains("line 2") && message.contains("power_faktor"), "{message}");
}

#[test]
fn a_source_is_read_with_its_tables_and_never_shows_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gridspark.toml");
    let write = |line: &str| {
        let head = "[source]\nkind = \"postgres\"\n[source.postgres]\n";
        std::fs::write(&path, format!("{head}{line}\nurl = \"postgres://me:hidden@db/x\"\n")).unwrap();
        Configuration::load(Some(&path), None)
    };
    let source = write("measurements = \"meet.waarden\"").unwrap().source.unwrap();
    assert_eq!(
        (source.overlap_weeks, source.postgres.measurements.to_string().as_str()),
        (2, "meet.waarden")
    );
    assert!(!format!("{source:?}").contains("hidden"));
    for (line, expected) in [
        ("measurements = \"a; drop table b\"", "line 4"),
        ("table = \"a\"", "unknown field `table`"),
        ("box_columns = { stad = \"a\" }", "source.postgres.box_columns = stad"),
        ("statement_timeout_seconds = \"postgres://me:hidden@db/x\"", "line 4"),
    ] {
        let message = write(line).unwrap_err().to_string();
        assert!(message.contains(expected) && !message.contains("hidden"), "{message}");
    }
}

#[test]
fn the_address_of_the_source_may_come_from_a_variable_alone() {
    let mut configuration = ConfigurationFile::default();
    configuration
        .apply(|name| (name == "GRIDSPARK_SOURCE_URL").then(|| "postgres://db/x".to_owned()))
        .unwrap();
    let source = configuration.source.unwrap();
    assert_eq!(source.kind, SourceKind::Postgres);
    assert_eq!(source.postgres.url.unwrap().reveal(), "postgres://db/x");
}

#[test]
fn a_variable_wins_over_the_file_and_is_checked() {
    let mut configuration = ConfigurationFile { power_factor: 0.9, ..ConfigurationFile::default() };
    configuration.apply(|name| (name == "GRIDSPARK_POWER_FACTOR").then(|| "0.95".to_owned())).unwrap();
    assert_eq!(configuration.power_factor, 0.95);
    let refused = configuration.apply(|name| (name == "GRIDSPARK_POWER_FACTOR").then(|| "high".to_owned()));
    assert!(refused.unwrap_err().to_string().contains("GRIDSPARK_POWER_FACTOR = high"));
}

#[test]
fn impossible_values_are_refused_by_name() {
    for (configuration, name) in [
        (ConfigurationFile { power_factor: 0.0, ..ConfigurationFile::default() }, "power_factor"),
        (
            ConfigurationFile { import_threshold: f64::NAN, ..ConfigurationFile::default() },
            "import_threshold",
        ),
        (
            ConfigurationFile { minimum_completeness: 1.5, ..ConfigurationFile::default() },
            "minimum_completeness",
        ),
        (
            ConfigurationFile { time_zone: "Europe/Brabant".to_owned(), ..ConfigurationFile::default() },
            "time_zone",
        ),
        (
            ConfigurationFile {
                telemetry: TelemetrySettings { endpoint: Some("collector:4317".to_owned()) },
                ..ConfigurationFile::default()
            },
            "telemetry.endpoint",
        ),
        (ConfigurationFile { horizon_weeks: 0, ..ConfigurationFile::default() }, "horizon_weeks"),
        (ConfigurationFile { risk: 0.0, ..ConfigurationFile::default() }, "risk"),
        (ConfigurationFile { overload_chance: 0.6, ..ConfigurationFile::default() }, "overload_chance"),
        (ConfigurationFile { near_chance: 0.2, ..ConfigurationFile::default() }, "near_chance"),
        (ConfigurationFile { near_chance: 0.0, ..ConfigurationFile::default() }, "near_chance"),
    ] {
        let message = configuration.checked().unwrap_err().to_string();
        assert!(message.contains(name), "{message}");
    }
}

#[test]
fn every_variable_that_is_asked_for_stands_in_the_reference() {
    let asked = std::cell::RefCell::new(Vec::new());
    let note = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        None
    };
    ConfigurationFile::default().apply(note).unwrap();
    let reference = crate::reference::Page::Configuration.text();
    assert!(asked.borrow().len() > 5);
    for name in asked.borrow().iter() {
        assert!(reference.contains(&format!("<br>`{name}`")), "{name}");
    }
}
