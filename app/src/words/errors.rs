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
            (_, ApiError::TooOften(seconds)) => self.too_often(*seconds),
            (Language::English, _) => error.to_string(),
            (Language::Dutch, ApiError::UnknownBox(box_id)) => {
                format!("Er is geen box {box_id}. Controleer de code, of zoek in de lijst.")
            }
            (Language::Dutch, ApiError::SignIn) => {
                "U bent niet ingelogd, of niet meer. Laad de pagina opnieuw om in te loggen.".to_owned()
            }
            (Language::Dutch, ApiError::FrameEnded) => {
                "Deze weergave is verlopen. Laad de pagina eromheen opnieuw om verder te gaan.".to_owned()
            }
            (Language::Dutch, ApiError::Forbidden) => {
                "U mag dit niet doen. Hebt u het nodig voor uw werk, vraag het dan aan de beheerder van dit dashboard."
                    .to_owned()
            }
            (Language::Dutch, ApiError::TooLarge) => "Er is meer gestuurd dan wordt aangenomen.".to_owned(),
            (Language::Dutch, ApiError::Away) => {
                "Dit kan nu niet worden beantwoord. Probeer het over een minuut opnieuw.".to_owned()
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

    /// That somebody has asked too often, and when to try again.
    pub(crate) fn too_often(&self, seconds: u64) -> String {
        match self.language {
            Language::English => format!("That was too often. Try again in {seconds} s."),
            Language::Dutch => format!("Dat was te vaak. Probeer het over {seconds} s opnieuw."),
        }
    }
}
