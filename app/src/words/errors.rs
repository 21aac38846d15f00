//! Failures, said to the person in front of the page.

use domain::language::Language;

use super::Words;
use crate::api::ApiError;

impl Words {
    /// What went wrong and what to do, in the person's language alone: what the server says of a malformed question is for
    /// programs.
    pub(crate) fn error(&self, error: &ApiError) -> String {
        match (self.language, error) {
            (Language::English, ApiError::Connection(_)) => {
                "The server cannot be reached. Check the connection and try again.".to_owned()
            }
            (Language::English, ApiError::BadRequest(_)) => {
                "The server did not understand the question. Load the page anew.".to_owned()
            }
            (Language::Dutch, ApiError::BadRequest(_)) => {
                "De server begreep de vraag niet. Laad de pagina opnieuw.".to_owned()
            }
            (Language::English, _) => error.to_string(),
            (Language::Dutch, ApiError::UnknownBox(box_id)) => {
                format!("Er is geen box {box_id}. Controleer de aanduiding, of zoek in de lijst.")
            }
            (Language::Dutch, ApiError::Internal(reference)) => format!(
                "De server kon niet antwoorden. Probeer het over een minuut opnieuw; blijft het zo, geef uw \
                 beheerder dan het kenmerk {reference}."
            ),
            (Language::Dutch, ApiError::Connection(_)) => {
                "De server is niet bereikbaar. Controleer de verbinding en probeer het opnieuw.".to_owned()
            }
        }
    }
}
