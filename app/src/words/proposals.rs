//! What planners propose of a transformer.

use chrono::NaiveDate;
use domain::box_detail::{BoxDetail, ExtremeForecast};
use domain::language::Language;
use domain::proposals::{Acceptance, Proposal, ProposalError, ProposalName};
use domain::what_if::Assumptions;
use model::IsoWeek;

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
    /// Button: forecasts are to count on it.
    pub(crate) accept: &'static str,
    /// Button: no longer.
    pub(crate) withdraw: &'static str,
    /// After the one.
    pub(crate) accepted: &'static str,
    /// After the other.
    pub(crate) withdrawn: &'static str,
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
    accept: "Accept",
    withdraw: "No longer accept",
    accepted: "Accepted: the next run counts on it.",
    withdrawn: "The next run no longer counts on it.",
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
    accept: "Aanvaarden",
    withdraw: "Niet langer aanvaarden",
    accepted: "Aanvaard: de volgende berekening rekent erop.",
    withdrawn: "De volgende berekening rekent er niet meer op.",
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

    /// Who has accepted a proposal and when, and what of it a forecast does not count on, or may count twice.
    pub(crate) fn acceptance(
        &self,
        acceptance: &Acceptance,
        assumed: &Assumptions,
        today: NaiveDate,
    ) -> String {
        let is_dutch = self.language == Language::Dutch;
        let pick = |english: &'static str, dutch: &'static str| if is_dutch { dutch } else { english };
        let (at, person) = (self.moment(acceptance.at), self.person(&acceptance.person));
        let said = match self.language {
            Language::English => format!("Accepted by {person}, {at}: forecasts made since count on it."),
            Language::Dutch => {
                format!("Aanvaard door {person}, {at}: verwachtingen van daarna rekenen erop.")
            }
        };
        let capacity = assumed.capacity.map(|_| {
            pick(
                "The capacity counts once the metadata have it.",
                "Het vermogen telt zodra het in de stamgegevens staat.",
            )
        });
        let day = assumed.from.filter(|day| *day <= today && !assumed.extra_loads().is_empty()).map(|_| {
            pick(
                "Its day has come: what is measured of it already counts twice until it is no longer accepted.",
                "De dag is bereikt: wat ervan al gemeten wordt, telt dubbel totdat het niet langer aanvaard is.",
            )
        });
        let parts = capacity.into_iter().chain(day).map(str::to_owned);
        std::iter::once(said).chain(parts).collect::<Vec<_>>().join(" ")
    }

    /// What accepted proposals add to a forecast, in the week and direction where it is most; nothing where they add
    /// nothing.
    pub(crate) fn counted_on(&self, detail: &BoxDetail) -> Option<String> {
        let of = |found: &Option<ExtremeForecast>| -> Option<(f64, IsoWeek)> {
            let ExtremeForecast { forecast, added_kw, .. } = found.as_ref()?;
            let weeks = forecast.weeks.get(forecast.future())?;
            let added = added_kw.iter().copied().zip(weeks.iter().copied());
            added.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs())).filter(|(kw, _)| *kw != 0.0)
        };
        let both = [of(&detail.minimum), of(&detail.maximum)];
        let (kw, week) = both.into_iter().flatten().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
        let (kw, week) = (format!("{}\u{a0}kW", self.signed(kw, 0)), self.week(week));
        Some(match self.language {
            Language::English => format!("The forecast counts on accepted proposals: up to {kw}, in {week}."),
            Language::Dutch => {
                format!("De verwachting rekent op aanvaarde voorstellen: tot {kw}, in {week}.")
            }
        })
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
            accepted: None,
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

    #[test]
    fn an_acceptance_says_what_does_not_count_and_what_counts_twice() {
        let assumed: Assumptions =
            serde_json::from_str(r#"{"capacity": 630, "chargers": 1, "from": "2027-03-01"}"#).unwrap();
        let acceptance = Acceptance { person: "ada".to_owned(), at: "2026-11-30T09:00:00Z".parse().unwrap() };
        let said =
            |day: &str| Words::of(Language::English).acceptance(&acceptance, &assumed, day.parse().unwrap());
        let before = said("2027-02-28");
        assert!(before.starts_with("Accepted by ada, 30"), "{before}");
        assert!(before.ends_with("The capacity counts once the metadata have it."), "{before}");
        assert!(said("2027-03-01").contains("counts twice"));
    }
}
