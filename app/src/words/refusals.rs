//! What is refused, said to the person.

use domain::language::Language;

use super::Words;
use crate::RefusalKind;

/// The texts of a refusal's page.
pub(crate) struct RefusalWords {
    pub(crate) title: &'static str,
    pub(crate) text: String,
}

/// The texts around refusals.
pub(crate) struct SignOutWords {
    pub(crate) signed_out: &'static str,
    pub(crate) signed_out_text: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) go_on: &'static str,
}

impl Words {
    /// What the page of a refusal says.
    pub(crate) fn refusal(&self, kind: RefusalKind) -> RefusalWords {
        let (title, text) = match (self.language, kind) {
            (Language::English, RefusalKind::SignIn) => ("Who are you?", "Sign in to see this page."),
            (Language::English, RefusalKind::FrameEnded) => {
                ("This view has ended", "Load the page around it again to go on.")
            }
            (Language::English, RefusalKind::SignInAgain) => {
                ("Not signed in", "The sign-in was not completed, or took too long. Try it once more.")
            }
            (Language::English, RefusalKind::Forbidden) => (
                "Not for you",
                "You may not see or do this. If you need it for your work, ask the operator of this dashboard.",
            ),
            (Language::English, RefusalKind::TooOften { .. }) => ("Too often", ""),
            (Language::English, RefusalKind::TooLarge) => ("Too much", "More was sent than is accepted."),
            (Language::English, RefusalKind::Away) => {
                ("Not now", "This can't be answered at the moment. Try again in a minute.")
            }
            (Language::English, RefusalKind::Malformed) => {
                ("Not understood", "The request could not be understood. Check the address.")
            }
            (Language::Dutch, RefusalKind::SignIn) => ("Wie bent u?", "Log in om deze pagina te zien."),
            (Language::Dutch, RefusalKind::FrameEnded) => {
                ("Deze weergave is verlopen", "Laad de pagina eromheen opnieuw om verder te gaan.")
            }
            (Language::Dutch, RefusalKind::SignInAgain) => {
                ("Niet ingelogd", "Het inloggen is niet voltooid, of duurde te lang. Probeer het nog eens.")
            }
            (Language::Dutch, RefusalKind::Forbidden) => (
                "Niet voor u",
                "U mag dit niet zien of doen. Hebt u het nodig voor uw werk, vraag het dan aan de beheerder van dit dashboard.",
            ),
            (Language::Dutch, RefusalKind::TooOften { .. }) => ("Te vaak", ""),
            (Language::Dutch, RefusalKind::TooLarge) => {
                ("Te veel", "Er is meer gestuurd dan wordt aangenomen.")
            }
            (Language::Dutch, RefusalKind::Away) => {
                ("Nu niet", "Dit kan nu niet worden beantwoord. Probeer het over een minuut opnieuw.")
            }
            (Language::Dutch, RefusalKind::Malformed) => {
                ("Niet begrepen", "De vraag is niet begrepen. Controleer het adres.")
            }
        };
        let text = match kind {
            RefusalKind::TooOften { seconds } => self.too_often(seconds),
            _ => text.to_owned(),
        };
        RefusalWords { title, text }
    }

    /// The texts of signing in and out.
    pub(crate) fn sign_out(&self) -> SignOutWords {
        match self.language {
            Language::English => SignOutWords {
                signed_out: "Signed out",
                signed_out_text: "You are signed out of this dashboard.",
                sign_in: "Sign in",
                go_on: "Sign out of your organisation's login as well",
            },
            Language::Dutch => SignOutWords {
                signed_out: "Uitgelogd",
                signed_out_text: "U bent uitgelogd uit dit dashboard.",
                sign_in: "Inloggen",
                go_on: "Ook uitloggen bij de login van uw organisatie",
            },
        }
    }
}
