//! What planners propose of a transformer.

use domain::language::Language;
use domain::proposals::{Proposal, ProposalError, ProposalName};
use domain::what_if::Assumptions;

use super::Words;

/// The fixed texts of one language.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct ProposalWords {
    /// Heading.
    pub(crate) title: &'static str,
    /// Label of the name.
    pub(crate) name: &'static str,
    /// Button.
    pub(crate) save: &'static str,
    /// While it is under way.
    pub(crate) saving: &'static str,
    /// After it.
    pub(crate) saved: &'static str,
    /// Where there is none.
    pub(crate) nothing: &'static str,
    /// Button: into the fields and the chart.
    pub(crate) show: &'static str,
    /// Button.
    pub(crate) remove: &'static str,
    /// After it.
    pub(crate) removed: &'static str,
    /// Somebody else was quicker.
    pub(crate) gone: &'static str,
}

const ENGLISH: ProposalWords = ProposalWords {
    title: "Proposals",
    name: "Name",
    save: "Save as proposal",
    saving: "Being saved …",
    saved: "Saved.",
    nothing: "No proposals yet",
    show: "Show",
    remove: "Remove",
    removed: "Removed.",
    gone: "Somebody has removed it already.",
};

const DUTCH: ProposalWords = ProposalWords {
    title: "Voorstellen",
    name: "Naam",
    save: "Bewaren als voorstel",
    saving: "Wordt bewaard …",
    saved: "Bewaard.",
    nothing: "Nog geen voorstellen",
    show: "Tonen",
    remove: "Verwijderen",
    removed: "Verwijderd.",
    gone: "Iemand heeft het al verwijderd.",
};

impl Words {
    /// The fixed texts around proposals.
    pub(crate) fn proposals(&self) -> &'static ProposalWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// Who saved a proposal and when, and what it assumes.
    pub(crate) fn proposal_entry(&self, proposal: &Proposal) -> String {
        let (at, person) = (self.moment(proposal.at), self.person(&proposal.person));
        format!("{at}, {person}: {}", self.assumed(&proposal.assumed))
    }

    /// What is assumed, part by part.
    fn assumed(&self, assumed: &Assumptions) -> String {
        let is_dutch = self.language == Language::Dutch;
        let pick = |english: &'static str, dutch: &'static str| if is_dutch { dutch } else { english };
        let some = |count: u32, one: &str, many: &str| {
            (count > 0).then(|| format!("{} {}", self.count(count), if count == 1 { one } else { many }))
        };
        let kwp = assumed.panels_kwp.kw();
        let weeks: i32 = assumed.left_out.iter().map(|span| span.last - span.first + 1).sum();
        let day = assumed.from.map(|day| format!("{} {}", pick("from", "vanaf"), self.day(day)));
        let parts = [
            assumed.capacity.map(|capacity| self.kva(capacity.kva())),
            some(assumed.chargers.get(), pick("charger", "laadpaal"), pick("chargers", "laadpalen")),
            some(
                assumed.heat_pumps.get(),
                pick("heat pump", "warmtepomp"),
                pick("heat pumps", "warmtepompen"),
            ),
            (kwp > 0.0)
                .then(|| format!("{}\u{a0}kWp {}", self.axis_figure(kwp), pick("of panels", "zonnepanelen"))),
            some(
                assumed.homes.get(),
                pick("new home", "nieuwe woning"),
                pick("new homes", "nieuwe woningen"),
            ),
            day,
            some(
                weeks.unsigned_abs(),
                pick("week left out", "week weggelaten"),
                pick("weeks left out", "weken weggelaten"),
            ),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// That another proposal has the name, and whose it is.
    pub(crate) fn name_taken(&self, theirs: &Proposal) -> String {
        let person = self.person(&theirs.person);
        match self.language {
            Language::English => {
                format!("There is a proposal of this name already ({person}): choose another.")
            }
            Language::Dutch => format!("Er is al een voorstel met deze naam ({person}): kies een andere."),
        }
    }

    /// Why something can't be saved, and what to do.
    pub(crate) fn proposal_error(&self, error: ProposalError) -> String {
        let (most, characters) = (Proposal::MOST, ProposalName::MAX_CHARACTERS);
        match (self.language, error) {
            (_, ProposalError::Assumed(error)) => self.what_if_error(error),
            (Language::English, ProposalError::NoName) => "Give the proposal a name.".to_owned(),
            (Language::Dutch, ProposalError::NoName) => "Geef het voorstel een naam.".to_owned(),
            (Language::English, ProposalError::LongName) => {
                format!("The name is too long: at most {characters} characters.")
            }
            (Language::Dutch, ProposalError::LongName) => {
                format!("De naam is te lang: hoogstens {characters} tekens.")
            }
            (Language::English, ProposalError::ControlCharacter) => {
                "There are characters that can't be shown: type the name anew.".to_owned()
            }
            (Language::Dutch, ProposalError::ControlCharacter) => {
                "Er staan tekens in die niet te tonen zijn: typ de naam opnieuw.".to_owned()
            }
            (Language::English, ProposalError::NothingAssumed) => "Nothing is assumed yet.".to_owned(),
            (Language::Dutch, ProposalError::NothingAssumed) => "Er is nog niets aangenomen.".to_owned(),
            (Language::English, ProposalError::TooMany) => {
                format!("There are {most} proposals already: remove one first.")
            }
            (Language::Dutch, ProposalError::TooMany) => {
                format!("Er zijn al {most} voorstellen: verwijder er eerst een.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_says_who_when_and_what() {
        let assumed = r#"{"capacity": 630, "chargers": 1, "heat_pumps": 12, "panels_kwp": 55.5, "from": "2027-03-01",
            "left_out": [["2026-W03", "2026-W05"]]}"#;
        let proposal = Proposal {
            number: 1,
            name: ProposalName::new("x").unwrap(),
            assumed: serde_json::from_str(assumed).unwrap(),
            person: "grace".to_owned(),
            at: "2026-11-30T09:00:00Z".parse().unwrap(),
        };
        let said =
            |language| Words::of(language).proposal_entry(&proposal).replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!(
            said(Language::English),
            "30 November 2026, 09:00 UTC, grace: 630 kVA, 1 charger, 12 heat pumps, 55.5 kWp of panels, from 1 March 2027, \
             3 weeks left out"
        );
        assert_eq!(
            said(Language::Dutch),
            "30 november 2026 om 09:00 (wereldtijd), grace: 630 kVA, 1 laadpaal, 12 warmtepompen, 55,5 kWp zonnepanelen, \
             vanaf 1 maart 2027, 3 weken weggelaten"
        );
    }
}
