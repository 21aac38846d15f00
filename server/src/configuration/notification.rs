//! The section `[notification]`: the webhooks and what they are sent.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

use domain::language::Language;
use domain::notices::NoticeKind;
use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigurationError;
use crate::secret::Secret;

/// The section `[notification]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationSettings {
    /// The dashboard's address for planners, used in links; without one messages have none.
    pub dashboard: Option<String>,
    /// After how many minutes an unfinished scheduled run counts as late.
    #[schemars(range(min = 1, max = 10_080), extend("unit" = "minutes"))]
    pub late_after_minutes: u32,
    /// Without a `[schedule]`: after how many days without a finished run of all boxes one counts
    /// as late.
    #[schemars(range(min = 1, max = 400), extend("unit" = "days"))]
    pub late_after_days: u32,
    /// How many hours the delivery of a notice is retried.
    #[schemars(range(min = 1, max = 720), extend("unit" = "hours"))]
    pub give_up_after_hours: u32,
    /// Whether the weekly digest is sent if nothing has changed.
    pub digest_without_changes: bool,
    /// The receivers.
    pub webhook: Vec<WebhookSettings>,
}

/// A section `[[notification.webhook]]`: one receiver.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Its name in logs, in metrics and in the names of its secrets.
    #[schemars(with = "String")]
    pub name: WebhookName,
    /// The format of its messages.
    pub kind: WebhookKind,
    /// What it receives, of `run-failed`, `run-late`, `run-suspicious`, `readings-refused`,
    /// `weekly-digest`; everything by default.
    #[serde(default = "everything")]
    #[schemars(with = "Vec<String>")]
    pub events: BTreeSet<NoticeKind>,
    /// The language of its messages.
    #[serde(default)]
    #[schemars(with = "String", extend("enum" = ["en", "nl"], "default" = "en"))]
    pub language: Language,
    /// Its address, which is a secret for most receivers; better in a file, a variable or Vault.
    #[schemars(with = "Option<String>", extend("variable" = "GRIDSPARK_WEBHOOK_NAME_URL"))]
    pub url: Option<Secret>,
    /// A file with the address.
    pub url_file: Option<PathBuf>,
    /// The key that signs messages of the kind `json`: `whsec_` and base64; better in a file, a
    /// variable or Vault.
    #[schemars(with = "Option<String>", extend("variable" = "GRIDSPARK_WEBHOOK_NAME_KEY"))]
    pub key: Option<Secret>,
    /// A file with the key.
    pub key_file: Option<PathBuf>,
    /// A file with the PEM certificates of a private authority.
    pub authority: Option<PathBuf>,
}

/// A name of lower-case letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct WebhookName(String);

impl WebhookName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The variable of one of its secrets: `GRIDSPARK_WEBHOOK_PLANNERS_URL`.
    pub fn variable(&self, secret: &str) -> String {
        let upper = |text: &str| text.to_uppercase().replace('-', "_");
        format!("GRIDSPARK_WEBHOOK_{}_{}", upper(&self.0), upper(secret))
    }

    /// The key in Vault of one of its secrets: `webhook-planners-url`.
    pub fn vault_key(&self, secret: &str) -> String {
        format!("webhook-{}-{secret}", self.0)
    }
}

impl fmt::Display for WebhookName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for WebhookName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_name = (1..=40).contains(&name.len()) && name.bytes().all(fits);
        // A value written here by mistake may be a secret.
        is_name
            .then_some(Self(name))
            .ok_or_else(|| "a webhook's name has 1 to 40 lower-case letters, digits and hyphens".to_owned())
    }
}

/// The format of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WebhookKind {
    /// A workflow of Microsoft Teams: an Adaptive Card in a message.
    Teams,
    /// An incoming webhook of Slack: blocks.
    Slack,
    /// Any program: signed JSON.
    Json,
}

fn everything() -> BTreeSet<NoticeKind> {
    NoticeKind::ALL.into()
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            dashboard: None,
            late_after_minutes: 240,
            late_after_days: 8,
            give_up_after_hours: 24,
            digest_without_changes: true,
            webhook: Vec::new(),
        }
    }
}

impl NotificationSettings {
    /// Overrides the file by variables.
    pub(super) fn apply(&mut self, variable: impl Fn(&str) -> Option<String>) {
        for webhook in &mut self.webhook {
            if let Some(url) = variable(&webhook.name.variable("url")) {
                webhook.take_url(Secret::new(url));
            }
            if let Some(key) = variable(&webhook.name.variable("key")) {
                webhook.take_key(Secret::new(key));
            }
        }
    }

    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        let refuse = |name, value: &dyn fmt::Display, expected| {
            Err(ConfigurationError::Value { name, value: value.to_string(), expected })
        };
        if !(1..=10_080).contains(&self.late_after_minutes) {
            let name = "notification.late_after_minutes";
            return refuse(name, &self.late_after_minutes, "from 1 to 10080 minutes, a week");
        }
        if !(1..=400).contains(&self.late_after_days) {
            return refuse("notification.late_after_days", &self.late_after_days, "from 1 to 400 days");
        }
        if !(1..=720).contains(&self.give_up_after_hours) {
            let name = "notification.give_up_after_hours";
            return refuse(name, &self.give_up_after_hours, "from 1 to 720 hours");
        }
        let mut names = BTreeSet::new();
        for webhook in &self.webhook {
            if !names.insert(&webhook.name) {
                return refuse(
                    "notification.webhook name",
                    &webhook.name,
                    "a name that no other webhook has",
                );
            }
            if webhook.url.is_some() && webhook.url_file.is_some() {
                return refuse("notification.webhook url and url_file", &webhook.name, "one of them");
            }
            if webhook.key.is_some() && webhook.key_file.is_some() {
                return refuse("notification.webhook key and key_file", &webhook.name, "one of them");
            }
        }
        Ok(())
    }
}

impl WebhookSettings {
    /// Sets an address that overrides the file's.
    pub(crate) fn take_url(&mut self, url: Secret) {
        (self.url, self.url_file) = (Some(url), None);
    }

    /// Sets a key that overrides the file's.
    pub(crate) fn take_key(&mut self, key: Secret) {
        (self.key, self.key_file) = (Some(key), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "dashboard = 'https://gridspark.example.org'\n\
        [[webhook]]\nname = 'planners'\nkind = 'teams'\nevents = ['weekly-digest']\nlanguage = 'nl'\nurl = 'https://a/hidden'\n\
        [[webhook]]\nname = 'our-bus'\nkind = 'json'\nurl_file = '/run/secrets/bus'\n";

    #[test]
    fn a_webhook_is_reported_everything_unless_it_says_what_and_its_secrets_are_never_shown() {
        let settings: NotificationSettings = toml::from_str(TWO).unwrap();
        settings.check().unwrap();
        let [planners, bus] = &settings.webhook[..] else { panic!("{settings:?}") };
        assert_eq!(planners.events, BTreeSet::from([NoticeKind::WeeklyDigest]));
        assert_eq!((planners.language, bus.language), (Language::Dutch, Language::English));
        assert_eq!(bus.events.len(), NoticeKind::ALL.len());
        assert!(!format!("{settings:?}").contains("hidden"));
    }

    #[test]
    fn variables_win_over_values_and_files() {
        let mut settings: NotificationSettings = toml::from_str(TWO).unwrap();
        settings.apply(|name| match name {
            "GRIDSPARK_WEBHOOK_PLANNERS_URL" => Some("https://b".to_owned()),
            "GRIDSPARK_WEBHOOK_OUR_BUS_URL" => Some("https://c".to_owned()),
            "GRIDSPARK_WEBHOOK_OUR_BUS_KEY" => Some("d".to_owned()),
            _ => None,
        });
        let url = |place: usize| settings.webhook[place].url.as_ref().unwrap().reveal().to_owned();
        assert_eq!((url(0), url(1)), ("https://b".to_owned(), "https://c".to_owned()));
        assert_eq!(settings.webhook[1].url_file, None);
        assert_eq!(settings.webhook[1].key.as_ref().unwrap().reveal(), "d");
    }

    #[test]
    fn what_cannot_be_is_refused_without_telling_a_secret() {
        for (text, expected) in [
            ("[[webhook]]\nname = 'https://hooks/hidden'\nkind = 'slack'", "lower-case letters"),
            ("[[webhook]]\nname = 'a'\nkind = 'mattermost'", "unknown variant `mattermost`"),
            ("[[webhook]]\nname = 'a'\nkind = 'slack'\nevents = ['run-lost']", "run-lost"),
        ] {
            let message = toml::from_str::<NotificationSettings>(text).unwrap_err().message().to_owned();
            assert!(message.contains(expected) && !message.contains("hidden"), "{message}");
        }
        for (text, expected) in [
            ("late_after_minutes = 0", "late_after_minutes = 0"),
            ("late_after_days = 0", "late_after_days = 0"),
            ("give_up_after_hours = 1000", "give_up_after_hours = 1000"),
            ("[[webhook]]\nname = 'a'\nkind = 'slack'\nurl = 'x'\nurl_file = 'y'", "url_file"),
            ("[[webhook]]\nname = 'a'\nkind = 'slack'\n[[webhook]]\nname = 'a'\nkind = 'json'", "no other"),
        ] {
            let settings: NotificationSettings = toml::from_str(text).unwrap();
            let message = settings.check().unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
