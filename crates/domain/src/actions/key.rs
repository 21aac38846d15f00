//! Keys by which what was sent twice is recorded once.

use serde::{Deserialize, Serialize};

/// A key by which what was sent twice is recorded once: 8 to 64 letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdempotencyKey(String);

/// A text that is no idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 8 to 64 letters, digits and hyphens")]
pub struct IdempotencyKeyError;

impl IdempotencyKey {
    /// Checks a key.
    ///
    /// # Errors
    /// [`IdempotencyKeyError`].
    pub fn new(text: impl Into<String>) -> Result<Self, IdempotencyKeyError> {
        let text = text.into();
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if is_plain && (8..=64).contains(&text.len()) { Ok(Self(text)) } else { Err(IdempotencyKeyError) }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for IdempotencyKey {
    type Error = IdempotencyKeyError;

    fn try_from(text: String) -> Result<Self, IdempotencyKeyError> {
        Self::new(text)
    }
}

impl From<IdempotencyKey> for String {
    fn from(key: IdempotencyKey) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_plain() {
        for refused in ["", "short", "with space", &"x".repeat(65)] {
            assert_eq!(IdempotencyKey::new(refused), Err(IdempotencyKeyError), "{refused}");
        }
        assert!(IdempotencyKey::new("0b9a7f4e-1c5d").is_ok());
    }
}
