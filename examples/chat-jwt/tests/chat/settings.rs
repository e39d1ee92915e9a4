//! What can be set from outside, and what is refused with one line.

use chat_jwt::Config;

fn config(variables: &[(&str, &str)]) -> Result<Config, String> {
    let find =
        |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
    Config::from_variables(find).map_err(|error| error.to_string())
}

#[test]
fn by_default_only_this_machine_is_served_with_a_key_of_its_own() {
    let (first, second) = (config(&[]).unwrap(), config(&[("PORT", "")]).unwrap());
    assert_eq!(first.addr.to_string(), "127.0.0.1:3000");
    assert!(first.secret_is_random && first.secret.len() >= Config::MIN_SECRET);
    assert_ne!(first.secret, second.secret);
    assert_eq!(first.origins, ["http://localhost:5173"]);
    assert!(!first.guest && !first.cross_site);
}

#[test]
fn address_and_port_are_set_together_or_apart() {
    let addr = |variables: &[_]| config(variables).unwrap().addr.to_string();
    assert_eq!(addr(&[("PORT", "8080")]), "127.0.0.1:8080");
    assert_eq!(addr(&[("CHAT_ADDR", "0.0.0.0")]), "0.0.0.0:3000");
    assert_eq!(addr(&[("CHAT_ADDR", "[::1]:90")]), "[::1]:90");
    assert_eq!(addr(&[("CHAT_ADDR", "0.0.0.0:90"), ("PORT", "91")]), "0.0.0.0:91");
}

#[test]
fn a_key_has_32_bytes_and_not_31() {
    assert!(!config(&[("CHAT_SECRET", &"k".repeat(32))]).unwrap().secret_is_random);
    let refused = config(&[("CHAT_SECRET", &"k".repeat(31))]).unwrap_err();
    assert_eq!(refused, "CHAT_SECRET has 31 bytes; at least 32 are needed");
}

#[test]
fn what_cannot_be_used_is_one_line_with_the_variable_in_it() {
    for (name, value) in [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("CHAT_ADDR", "here"),
        ("CHAT_GUEST", "yes"),
        ("CHAT_CROSS_SITE", "2"),
        ("CHAT_ORIGINS", "*"),
        ("CHAT_ORIGINS", "localhost:5173"),
        ("CHAT_TOKEN_SECONDS", "0"),
        ("CHAT_TOKEN_SECONDS", "31536001"),
    ] {
        let line = config(&[(name, value)]).unwrap_err();
        assert!(line.starts_with(name) && !line.contains('\n'), "{line}");
    }
}

#[test]
fn origins_are_a_list() {
    let config = config(&[("CHAT_ORIGINS", "https://a.example/, http://b.example:81")]).unwrap();
    assert_eq!(config.origins, ["https://a.example", "http://b.example:81"]);
}

#[test]
fn the_key_is_not_shown_by_debug() {
    let config = config(&[("CHAT_SECRET", &"k".repeat(32))]).unwrap();
    assert!(!format!("{config:?}").contains("kk") && !format!("{config:?}").contains("107"));
}
