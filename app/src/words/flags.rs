//! What a flag means and what can be done about it.

use domain::language::Language;
use model::Flag;

use super::Words;

/// A flag in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FlagText {
    /// A few words.
    pub(crate) name: &'static str,
    /// What it says of the box.
    pub(crate) meaning: &'static str,
    /// What to do.
    pub(crate) remedy: &'static str,
}

impl Words {
    /// A flag with its meaning and remedy.
    pub(crate) fn flag(&self, flag: Flag) -> FlagText {
        match self.language {
            Language::English => english(flag),
            Language::Dutch => dutch(flag),
        }
    }
}

const fn text(name: &'static str, meaning: &'static str, remedy: &'static str) -> FlagText {
    FlagText { name, meaning, remedy }
}

fn english(flag: Flag) -> FlagText {
    match flag {
        Flag::NoReadings => text(
            "No readings",
            "No week of this box has been read.",
            "Check the connection of the box and whether its readings reach the source.",
        ),
        Flag::NoCapacity => text(
            "Capacity unknown",
            "The nominal capacity is missing, so no loading can be stated.",
            "Enter the transformer's nominal capacity (VERMOGEN_NOMINAAL) in the source.",
        ),
        Flag::NotInService => text(
            "Not in service",
            "The station or the box is not marked as in service.",
            "If it is in service, correct its status in the source.",
        ),
        Flag::TooShort => text(
            "History too short",
            "There are too few weeks to learn a season from.",
            "Wait for more readings, or import older ones.",
        ),
        Flag::TooSmall => text(
            "Load too small",
            "No week comes near the capacity, so an overload is not to be expected.",
            "Nothing, if capacity and wiring are right; a current transformer of the wrong ratio looks like this too.",
        ),
        Flag::Idling => text(
            "Idled at first",
            "The box measured before the transformer carried load; those weeks are left out.",
            "Nothing: the forecast begins with the first loaded week.",
        ),
        Flag::UnsoundValues => text(
            "Unsound values",
            "Some weeks held impossible values and were left out.",
            "Check the box for faults in these weeks.",
        ),
        Flag::RepeatedWeeks => text(
            "Repeated weeks",
            "Some weeks came several times; the last one counts.",
            "Check the source for doubled rows.",
        ),
        Flag::Degenerate => text(
            "Always the same value",
            "All weeks have one and the same value, so the forecast is a flat line.",
            "Check whether the meter is stuck.",
        ),
        Flag::SparseWeeks => text(
            "Sparse weeks",
            "Some weeks have too few of their readings to show their extremes; they are taken as gaps.",
            "Check the connection of the box, or import what is missing.",
        ),
        Flag::AwaitingForecast => text(
            "Not forecast yet",
            "The box came in after the last run.",
            "Wait for the next run, or start one with `gridspark make-forecasts`.",
        ),
        Flag::Silent => text(
            "Silent lately",
            "The box has sent nothing for more than four weeks; its forecast is made from older readings.",
            "Check the connection of the box before you rely on the forecast.",
        ),
        Flag::FromPopulation => text(
            "Season from similar transformers",
            "The history is too short for a season of its own; the forecast borrows it from similar transformers.",
            "Read the bands as wide as they are drawn; they narrow with every week.",
        ),
        Flag::Switching => text(
            "Bypass switching",
            "Some weeks carried a neighbour's load, or gave theirs away; a forecast leaves them out.",
            "Look at the marked weeks; if they were no switching, let them count again.",
        ),
        Flag::Outdated => text(
            "Readings too old",
            "The newest readings are more than a year old; a forecast from them would begin in the past.",
            "Check the connection of the box, or import its newer readings.",
        ),
        Flag::ErrorValues => text(
            "Error values",
            "Some readings lie beyond five times the capacity, or are an error code that recurs; they are not counted.",
            "Check the meter and the capacity; with a corrected capacity they count again, readings once they are read again.",
        ),
        Flag::WrongUnit => text(
            "Wrong unit",
            "Some weeks are a thousand times too large, as watts taken for kilowatts; they are set aside.",
            "Have the unit of these weeks corrected in the source, then import them again.",
        ),
        Flag::FrozenMeter => text(
            "Frozen meter",
            "The meter reported exactly the same extremes for weeks; they are set aside.",
            "Have the meter checked; nobody knows what the transformer carried in these weeks.",
        ),
        _ => text("Note", "The data of this box are marked.", "Ask your operator."),
    }
}

fn dutch(flag: Flag) -> FlagText {
    match flag {
        Flag::NoReadings => text(
            "Geen metingen",
            "Van deze box is geen enkele week ingelezen.",
            "Controleer de verbinding van de box en of zijn metingen de bron bereiken.",
        ),
        Flag::NoCapacity => text(
            "Vermogen onbekend",
            "Het nominale vermogen ontbreekt, dus is er geen belasting te noemen.",
            "Vul het nominale vermogen van de transformator (VERMOGEN_NOMINAAL) in de bron in.",
        ),
        Flag::NotInService => text(
            "Niet in bedrijf",
            "Het station of de box staat niet als in bedrijf geregistreerd.",
            "Corrigeer de status in de bron als de transformator wel in bedrijf is.",
        ),
        Flag::TooShort => text(
            "Historie te kort",
            "Er zijn te weinig weken om er een seizoen uit af te leiden.",
            "Wacht op meer metingen, of importeer oudere.",
        ),
        Flag::TooSmall => text(
            "Belasting te klein",
            "Geen week komt in de buurt van het vermogen; overbelasting is niet te verwachten.",
            "Niets, als vermogen en bedrading kloppen; een stroomtransformator met een verkeerde verhouding ziet er ook zo uit.",
        ),
        Flag::Idling => text(
            "Eerst onbelast",
            "De box mat al voordat de transformator belast werd; die weken tellen niet mee.",
            "Niets: de verwachting begint bij de eerste belaste week.",
        ),
        Flag::UnsoundValues => text(
            "Onmogelijke waarden",
            "Sommige weken bevatten onmogelijke waarden en zijn weggelaten.",
            "Controleer de box op storingen in die weken.",
        ),
        Flag::RepeatedWeeks => text(
            "Dubbele weken",
            "Sommige weken kwamen meer dan één keer binnen; de laatste telt.",
            "Controleer de bron op dubbele rijen.",
        ),
        Flag::Degenerate => text(
            "Steeds dezelfde waarde",
            "Alle weken hebben één en dezelfde waarde, dus is de verwachting een vlakke lijn.",
            "Controleer of de meter vastzit.",
        ),
        Flag::SparseWeeks => text(
            "Onvolledige weken",
            "Sommige weken hebben te weinig metingen om hun uitersten te tonen; ze tellen als gaten.",
            "Controleer de verbinding van de box, of importeer wat ontbreekt.",
        ),
        Flag::AwaitingForecast => text(
            "Nog geen verwachting",
            "De box is na de laatste run binnengekomen.",
            "Wacht op de volgende run, of start er een met `gridspark make-forecasts`.",
        ),
        Flag::Silent => text(
            "Meldt niets meer",
            "De box heeft al meer dan vier weken niets gestuurd; de verwachting rust op oudere metingen.",
            "Controleer de verbinding van de box voordat u op de verwachting afgaat.",
        ),
        Flag::FromPopulation => text(
            "Seizoen van vergelijkbare transformatoren",
            "De historie is te kort voor een eigen seizoen; de verwachting leent het van vergelijkbare transformatoren.",
            "Lees de banden zo breed als ze getekend zijn; ze worden met elke week smaller.",
        ),
        Flag::Switching => text(
            "Omschakeling",
            "In sommige weken droeg de transformator belasting van een naburig station, of gaf hij zijn eigen belasting af; die weken tellen niet mee.",
            "Bekijk de gemarkeerde weken; was het geen omschakeling, laat ze dan weer meetellen.",
        ),
        Flag::Outdated => text(
            "Metingen te oud",
            "De nieuwste metingen zijn meer dan een jaar oud; een verwachting daaruit zou in het verleden beginnen.",
            "Controleer de verbinding van de box, of importeer zijn nieuwere metingen.",
        ),
        Flag::ErrorValues => text(
            "Foutwaarden",
            "Sommige metingen liggen boven vijf keer het vermogen, of zijn een foutcode die terugkeert; ze worden niet meegeteld.",
            "Controleer de meter en het vermogen; na een correctie van het vermogen tellen ze weer mee, metingen zodra ze opnieuw zijn ingelezen.",
        ),
        Flag::WrongUnit => text(
            "Verkeerde eenheid",
            "Sommige weken zijn duizend keer te groot, zoals wanneer watt voor kilowatt wordt aangezien; ze tellen niet mee.",
            "Laat de eenheid van die weken in de bron corrigeren en importeer ze opnieuw.",
        ),
        Flag::FrozenMeter => text(
            "Vastgelopen meter",
            "De meter gaf wekenlang precies dezelfde uitersten; ze tellen niet mee.",
            "Laat de meter controleren; niemand weet wat de transformator in die weken droeg.",
        ),
        _ => {
            text("Opmerking", "Bij de gegevens van deze box staat een opmerking.", "Vraag het uw beheerder.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_has_its_own_words_in_both_languages() {
        for language in Language::ALL {
            let unknown = if language == Language::English { "Note" } else { "Opmerking" };
            for flag in Flag::ALL {
                assert_ne!(Words::of(language).flag(flag).name, unknown, "{flag}");
            }
        }
    }
}
