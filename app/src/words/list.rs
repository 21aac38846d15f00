//! The texts around the rows: selection, columns, views, keys, and a list that could not be renewed.

use domain::language::Language;

use super::Words;

/// The fixed texts of one language.
#[derive(Debug)]
pub(crate) struct ListWords {
    /// Column with the picture of the coming weeks.
    pub(crate) weeks_ahead: &'static str,
    /// Label of the filter by region.
    pub(crate) region: &'static str,
    /// No region filter.
    pub(crate) all_regions: &'static str,
    /// Button and heading: which columns are shown.
    pub(crate) columns: &'static str,
    /// Link back to what the program would show.
    pub(crate) usual_columns: &'static str,
    /// Button and heading: filters that were kept.
    pub(crate) views: &'static str,
    /// The list without a filter.
    pub(crate) everything: &'static str,
    /// Label of the field with a new view's name.
    pub(crate) view_name: &'static str,
    /// Button that keeps the present filter.
    pub(crate) save_view: &'static str,
    /// Mark of the view that opens first.
    pub(crate) start_view: &'static str,
    /// Where there is none yet.
    pub(crate) no_views: &'static str,
    /// Heading of the column of checkboxes, read aloud.
    pub(crate) selection: &'static str,
    /// Button: no row is selected any more.
    pub(crate) clear_selection: &'static str,
    /// Button: a link to the selected ones onto the clipboard.
    pub(crate) copy_link: &'static str,
    /// After it.
    pub(crate) copied: &'static str,
    /// Link: the list of the selected ones only.
    pub(crate) only_selected: &'static str,
    /// Link: the whole list again.
    pub(crate) all_again: &'static str,
    /// Button and heading: which keys do what.
    pub(crate) keys: &'static str,
    /// Button of a dialog.
    pub(crate) close: &'static str,
    /// Button after a failure: the same question again.
    pub(crate) ask_again: &'static str,
    /// In place of the rows of an empty store.
    pub(crate) nothing_imported: &'static str,
    /// Beside the list of an empty store.
    pub(crate) nothing_to_choose: &'static str,
    /// What will be there.
    pub(crate) nothing_to_choose_more: &'static str,
    /// What each key does.
    pub(crate) key_meanings: [&'static str; 10],
}

/// The keys in the order of [`ListWords::key_meanings`], as they are printed on keyboards.
pub(crate) const KEYS: [&[&str]; 10] = [
    &["↑", "↓"],
    &["Page Up", "Page Down"],
    &["Home", "End"],
    &["Enter"],
    &["/"],
    &["Space"],
    &["Shift", "↑ ↓"],
    PROGRESS_KEY,
    &["Esc"],
    &["?"],
];

/// The key that planners alone have.
pub(crate) const PROGRESS_KEY: &[&str] = &["s"];

const ENGLISH: ListWords = ListWords {
    weeks_ahead: "Weeks ahead",
    region: "Region",
    all_regions: "All regions",
    columns: "Columns",
    usual_columns: "Usual columns",
    views: "Views",
    everything: "All transformers",
    view_name: "Name of this view",
    save_view: "Save",
    start_view: "Start page",
    no_views: "Set filters and save them here under a name.",
    selection: "Selection",
    clear_selection: "Clear",
    copy_link: "Copy link",
    copied: "Link copied",
    only_selected: "Show only these",
    all_again: "Show all again",
    keys: "Keys",
    close: "Close",
    ask_again: "Try again",
    nothing_imported: "No transformer is known yet. They appear once the operator has imported metadata or readings.",
    nothing_to_choose: "No transformers yet",
    nothing_to_choose_more: "Once there are some, you choose one from the list, and its history and forecast appear here.",
    key_meanings: [
        "previous or next row",
        "a screen up or down",
        "first or last row",
        "open the transformer",
        "search",
        "select the row, or not",
        "select from row to row",
        "set the progress of the selection, or of the row",
        "clear the selection",
        "this list of keys",
    ],
};

const DUTCH: ListWords = ListWords {
    weeks_ahead: "Komende weken",
    region: "Regio",
    all_regions: "Alle regio’s",
    columns: "Kolommen",
    usual_columns: "Gebruikelijke kolommen",
    views: "Weergaven",
    everything: "Alle transformatoren",
    view_name: "Naam van deze weergave",
    save_view: "Bewaren",
    start_view: "Startpagina",
    no_views: "Stel filters in en bewaar ze hier onder een naam.",
    selection: "Selectie",
    clear_selection: "Wissen",
    copy_link: "Link kopiëren",
    copied: "Link gekopieerd",
    only_selected: "Alleen deze tonen",
    all_again: "Weer alles tonen",
    keys: "Toetsen",
    close: "Sluiten",
    ask_again: "Opnieuw proberen",
    nothing_imported: "Er zijn nog geen transformatoren bekend. Ze verschijnen zodra de beheerder gegevens of metingen heeft ingelezen.",
    nothing_to_choose: "Nog geen transformatoren",
    nothing_to_choose_more: "Zodra ze er zijn, kiest u er een uit de lijst; hier verschijnen dan de historie en de verwachting.",
    key_meanings: [
        "vorige of volgende rij",
        "een scherm omhoog of omlaag",
        "eerste of laatste rij",
        "de transformator openen",
        "zoeken",
        "de rij selecteren, of niet meer",
        "van rij tot rij selecteren",
        "de voortgang zetten van de selectie, of van de rij",
        "de selectie wissen",
        "deze lijst van toetsen",
    ],
};

impl Words {
    /// The texts around the rows.
    pub(crate) fn list(&self) -> &'static ListWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// How many rows are selected.
    pub(crate) fn selected(&self, boxes: usize) -> String {
        let boxes = self.count(u32::try_from(boxes).unwrap_or(u32::MAX));
        match self.language {
            Language::English => format!("{boxes} selected"),
            Language::Dutch => format!("{boxes} geselecteerd"),
        }
    }

    /// The button below the filters of a narrow screen.
    pub(crate) fn show_rows(&self, boxes: u32) -> String {
        let rows = self.rows(boxes, boxes);
        match self.language {
            Language::English => format!("Show {rows}"),
            Language::Dutch => format!("{rows} tonen"),
        }
    }

    /// The name of a row's checkbox.
    pub(crate) fn select_box(&self, box_id: &str) -> String {
        match self.language {
            Language::English => format!("Select {box_id}"),
            Language::Dutch => format!("{box_id} selecteren"),
        }
    }

    /// Above a list that holds chosen boxes only.
    pub(crate) fn chosen_boxes(&self, boxes: usize) -> String {
        let boxes = self.count(u32::try_from(boxes).unwrap_or(u32::MAX));
        match self.language {
            Language::English => format!("Only the {boxes} chosen"),
            Language::Dutch => format!("Alleen de {boxes} geselecteerde"),
        }
    }

    /// A view under the name of its button.
    pub(crate) fn delete_view(&self, name: &str) -> String {
        match self.language {
            Language::English => format!("Delete {name}"),
            Language::Dutch => format!("{name} verwijderen"),
        }
    }

    /// Above rows that belong to another question than the one that the page shows.
    pub(crate) fn rows_of_before(&self) -> &'static str {
        match self.language {
            Language::English => "The rows below are still those of before, not of what you chose.",
            Language::Dutch => "De rijen hieronder zijn nog de vorige, niet die van uw keuze.",
        }
    }

    /// Above rows whose renewal failed.
    pub(crate) fn rows_may_be_old(&self) -> &'static str {
        match self.language {
            Language::English => "The rows below may be out of date.",
            Language::Dutch => "De rijen hieronder zijn misschien verouderd.",
        }
    }

    /// That no transformer is in the area that the address names.
    pub(crate) fn unknown_area(&self, area: &str) -> String {
        match self.language {
            Language::English => format!("There is no area “{area}”: choose another above."),
            Language::Dutch => format!("Er is geen gebied “{area}”: kies hierboven een ander."),
        }
    }

    /// What the address asks for and does not exist.
    pub(crate) fn unknown_in_address(&self, said: &str) -> String {
        match self.language {
            Language::English => format!("There is no “{said}” here: that part of the link is left out."),
            Language::Dutch => format!("“{said}” bestaat hier niet: dat deel van de link is weggelaten."),
        }
    }
}
