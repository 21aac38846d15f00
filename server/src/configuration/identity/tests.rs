use super::*;

fn checked(text: &str) -> Result<IdentitySettings, String> {
    let settings: IdentitySettings = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    settings.check().map_err(|error| error.to_string())?;
    Ok(settings)
}

const PROVIDER: &str = "public_url = 'https://grid.example.org'\n\
    [way_in]\nkind = 'openid-connect'\nissuer = 'https://login.example.org'\nclient_id = 'gridspark'\n";

#[test]
fn each_way_in_has_its_settings_and_the_default_is_none() {
    assert!(checked("").unwrap().way_in.is_none());
    let settings = checked(PROVIDER).unwrap();
    let WayInSettings::OpenidConnect(provider) = &settings.way_in else { panic!("{settings:?}") };
    assert_eq!((provider.user_claim.as_str(), provider.scopes.len()), ("email", 3));
    let proxy = checked(
        "public_url = 'https://grid.example.org'\nproxies = ['10.0.0.0/8', '::1']\nway_in = { kind = 'reverse-proxy' }",
    );
    let IdentitySettings { proxies, way_in: WayInSettings::ReverseProxy(proxy), .. } = proxy.unwrap() else {
        panic!("no proxy")
    };
    assert_eq!(proxy.user_header, "x-forwarded-user");
    assert!(proxies[0].contain("10.2.3.4".parse().unwrap()));
    assert!(proxies[0].contain("::ffff:10.2.3.4".parse().unwrap()));
    assert!(!proxies.iter().any(|addresses| addresses.contain("192.168.0.1".parse().unwrap())));
}

#[test]
fn a_server_without_a_way_in_listens_on_loopback_alone() {
    let none = IdentitySettings::default();
    for address in ["127.0.0.1:80", "[::1]:80"] {
        none.may_listen_on(address.parse().unwrap()).unwrap();
    }
    for address in ["0.0.0.0:80", "[::]:80", "10.0.0.1:80"] {
        let message = none.may_listen_on(address.parse().unwrap()).unwrap_err().to_string();
        assert!(message.contains("[identity.way_in]") && message.contains(address), "{message}");
        checked(PROVIDER).unwrap().may_listen_on(address.parse().unwrap()).unwrap();
    }
}

#[test]
fn what_would_be_unsafe_is_refused() {
    let proxy = |rest: &str| {
        format!(
            "public_url = 'https://g.example'\nproxies = ['::1']\nway_in = {{ kind = 'reverse-proxy'{rest} }}"
        )
    };
    let provider = |line: &str| format!("{PROVIDER}{line}");
    for (text, expected) in [
        ("way_in = { kind = 'reverse-proxy' }".to_owned(), "identity.public_url"),
        (proxy("").replace("['::1']", "[]"), "identity.proxies"),
        ("proxies = ['10.0.0.0/33']".to_owned(), "10.0.0.0/33 is no address"),
        (proxy(", user_header = 'cookie'"), "user_header"),
        (
            proxy(
                ", signed = { header = 'x-jwt', keys_url = 'http://keys.example', issuer = 'a', audience = 'b' }",
            ),
            "keys_url",
        ),
        (PROVIDER.replace("https://grid", "http://grid"), "session cookies"),
        (PROVIDER.replace("https://login", "http://login"), "identity.way_in.issuer"),
        (provider("scopes = ['profile']"), "openid among them"),
        (provider("client_secret = 'hidden'\nclient_secret_file = '/a'"), "one of them"),
        ("way_in = { kind = 'password' }".to_owned(), "unknown variant `password`"),
        ("frame_ancestors = ['*']".to_owned(), "no origin"),
        ("frame_ancestors = ['https://a.example/path']".to_owned(), "no origin"),
        ("hosts = ['a b']".to_owned(), "identity.hosts"),
        ("session_hours = 0".to_owned(), "identity.session_hours"),
        ("grant = [{ group = '', right = 'viewer' }]".to_owned(), "identity.grant.group"),
        ("grant = [{ group = 'a', right = 'operator', areas = ['B'] }]".to_owned(), "whole grid"),
        ("grant = [{ group = 'a', right = 'embed' }]".to_owned(), "unknown variant `embed`"),
    ] {
        let message = checked(&text).unwrap_err();
        assert!(message.contains(expected) && !message.contains("hidden"), "{message}\n{text}");
    }
}
