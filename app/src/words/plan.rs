//! The plan: which transformers to replace first.

use domain::language::Language;
use domain::plan::{OrderLine, Plan, PlanQuery, PlanRow};
use model::Risk;

use super::Words;

/// The fixed texts of one language.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct PlanWords {
    /// Heading, and the link to the page.
    pub(crate) title: &'static str,
    /// Link for keyboards.
    pub(crate) skip: &'static str,
    /// Label of the field.
    pub(crate) budget: &'static str,
    /// Link.
    pub(crate) as_csv: &'static str,
    /// Where no prices are set.
    pub(crate) no_prices: &'static str,
    /// Where no ratings are set.
    pub(crate) no_ratings: &'static str,
    /// Where nothing is short.
    pub(crate) nothing: &'static str,
    /// Column.
    pub(crate) rating: &'static str,
    /// Column.
    pub(crate) price: &'static str,
    /// Heading of three columns.
    pub(crate) weeks: &'static str,
    /// Column: as it is.
    pub(crate) now: &'static str,
    /// Column: with the rating.
    pub(crate) with_rating: &'static str,
    /// Column.
    pub(crate) avoided: &'static str,
    /// Column.
    pub(crate) per_1000_euro: &'static str,
    /// Column.
    pub(crate) cumulative: &'static str,
    /// In place of what a later forecast computes.
    pub(crate) next_forecast: &'static str,
    /// Button.
    pub(crate) more: &'static str,
    /// Heading.
    pub(crate) split: &'static str,
    /// Below it.
    pub(crate) split_about: &'static str,
    /// Column.
    pub(crate) needed: &'static str,
    /// Heading.
    pub(crate) orders: &'static str,
    /// Caption.
    pub(crate) by_size: &'static str,
    /// Caption.
    pub(crate) by_area: &'static str,
    /// Column.
    pub(crate) count: &'static str,
    /// Column.
    pub(crate) cost: &'static str,
    /// Last line of a table.
    pub(crate) together: &'static str,
    /// Toggle: what is planned is ordered, too.
    pub(crate) with_planned: &'static str,
    /// Where nothing is ticked.
    pub(crate) tick_first: &'static str,
    /// Where no date is given.
    pub(crate) day_first: &'static str,
}

const ENGLISH: PlanWords = PlanWords {
    title: "Plan",
    skip: "Skip to the plan",
    budget: "Budget (€)",
    as_csv: "Download as CSV",
    no_prices: "No prices are set: the order is by weeks avoided alone, and a budget says nothing. Your operator sets them as \
        prices_euro under [advice].",
    no_ratings: "No ratings are set, so none can be advised. Your operator sets them as ratings_kva under [advice].",
    nothing: "No transformer here is forecast above the risk.",
    rating: "Advised rating",
    price: "Price",
    weeks: "Expected weeks above the limit",
    now: "Now",
    with_rating: "With the rating",
    avoided: "Avoided",
    per_1000_euro: "Avoided per € 1,000",
    cumulative: "Cost so far",
    next_forecast: "with the next forecast",
    more: "Show more rows",
    split: "Split the load",
    split_about: "For these no rating is large enough: their load has to be divided among several transformers.",
    needed: "Needed",
    orders: "Ratings to order",
    by_size: "By size",
    by_area: "By area",
    count: "Count",
    cost: "Cost",
    together: "Together",
    with_planned: "With what is recorded as planned",
    tick_first: "Tick the rows to be planned first.",
    day_first: "Choose a date first.",
};

const DUTCH: PlanWords = PlanWords {
    title: "Plan",
    skip: "Naar het plan",
    budget: "Budget (€)",
    as_csv: "Downloaden als CSV",
    no_prices: "Er zijn geen prijzen ingesteld: de volgorde is die van de voorkomen weken, en een budget zegt niets. Uw beheerder \
        stelt ze in als prices_euro onder [advice].",
    no_ratings: "Er zijn geen maten ingesteld, dus er valt niets te adviseren. Uw beheerder stelt ze in als ratings_kva onder \
        [advice].",
    nothing: "Hier komt volgens de verwachting geen enkele transformator boven het risico.",
    rating: "Geadviseerde maat",
    price: "Prijs",
    weeks: "Verwachte weken boven de grens",
    now: "Nu",
    with_rating: "Met die maat",
    avoided: "Voorkomen",
    per_1000_euro: "Voorkomen per € 1.000",
    cumulative: "Kosten tot hier",
    next_forecast: "bij de volgende verwachting",
    more: "Meer rijen tonen",
    split: "Belasting splitsen",
    split_about: "Voor deze is geen enkele maat groot genoeg: de belasting moet over meer transformatoren worden verdeeld.",
    needed: "Nodig",
    orders: "Te bestellen maten",
    by_size: "Per maat",
    by_area: "Per gebied",
    count: "Aantal",
    cost: "Kosten",
    together: "Samen",
    with_planned: "Met wat als gepland is vastgelegd",
    tick_first: "Vink eerst de rijen aan die gepland worden.",
    day_first: "Kies eerst een datum.",
};

impl Words {
    /// The fixed texts of the plan.
    pub(crate) fn plan(&self) -> &'static PlanWords {
        match self.language {
            Language::English => &ENGLISH,
            Language::Dutch => &DUTCH,
        }
    }

    /// What the plan lists, and in which order.
    pub(crate) fn plan_about(&self, risk: Risk, has_prices: bool) -> String {
        let risk = self.risk(risk);
        match (self.language, has_prices) {
            (Language::English, true) => format!(
                "Transformers whose chance of an overload within the half-year is above {risk}, each with the rating that keeps \
                 to it. Those come first where every euro avoids the most weeks above the limit."
            ),
            (Language::English, false) => format!(
                "Transformers whose chance of an overload within the half-year is above {risk}, each with the rating that keeps \
                 to it. Those come first where it avoids the most weeks above the limit."
            ),
            (Language::Dutch, true) => format!(
                "Transformatoren waarvan de kans op overbelasting binnen het halfjaar groter is dan {risk}, elk met de maat \
                 waarmee dat niet meer zo is. Bovenaan staan die waar elke euro de meeste weken boven de grens voorkomt."
            ),
            (Language::Dutch, false) => format!(
                "Transformatoren waarvan de kans op overbelasting binnen het halfjaar groter is dan {risk}, elk met de maat \
                 waarmee dat niet meer zo is. Bovenaan staan die waar dat de meeste weken boven de grens voorkomt."
            ),
        }
    }

    /// An amount of money in whole euros, with cents where there are some.
    pub(crate) fn euro(&self, euro: f64) -> String {
        let decimals = if (euro - euro.round()).abs() < 0.005 { 0 } else { 2 };
        format!("€\u{a0}{}", self.number(euro, decimals))
    }

    /// A number of weeks with one decimal; what is not quite none says so.
    pub(crate) fn weeks_figure(&self, weeks: f64) -> String {
        self.at_least_visible(weeks, 1)
    }

    /// Weeks for 1,000 €, with two decimals.
    pub(crate) fn weeks_per_1000_euro(&self, weeks: f64) -> String {
        self.at_least_visible(weeks, 2)
    }

    fn at_least_visible(&self, value: f64, decimals: usize) -> String {
        let least = 0.1_f64.powi(i32::try_from(decimals).unwrap_or(0));
        if value > 0.0 && value < least / 2.0 {
            return format!("<\u{202f}{}", self.number(least, decimals));
        }
        self.number(value, decimals)
    }

    /// What is ticked, what it costs and what it avoids.
    pub(crate) fn plan_ticked(&self, rows: &[&PlanRow], of: usize) -> String {
        let line = OrderLine::of(rows.iter().copied());
        let weeks: f64 = rows.iter().filter_map(|row| row.weeks_avoided).sum();
        let (ticked, of) = (self.count(line.count), self.number(of as f64, 0));
        let weeks = self.weeks_figure(weeks);
        let cost = line.cost_euro.map(|euro| format!(", {}", self.euro(euro))).unwrap_or_default();
        match self.language {
            Language::English if rows.is_empty() => format!("None of {of} is ticked."),
            Language::Dutch if rows.is_empty() => format!("Van {of} is niets aangevinkt."),
            Language::English => {
                format!("{ticked} of {of} ticked{cost}: they avoid {weeks} expected weeks above the limit.")
            }
            Language::Dutch => format!(
                "{ticked} van {of} aangevinkt{cost}: dat voorkomt {weeks} verwachte weken boven de grens."
            ),
        }
    }

    /// How the ticks follow from the budget; nothing without one.
    pub(crate) fn plan_budget(&self, plan: &Plan) -> Option<String> {
        let budget_euro = plan.budget_euro.filter(|_| plan.has_prices)? as f64;
        let (budget, planned) = (self.euro(budget_euro), self.euro(plan.planned_euro));
        if let Some(beyond) = plan.beyond_budget_euro() {
            let beyond = self.euro(beyond);
            return Some(match self.language {
                Language::English => {
                    format!("What is planned and done takes {planned}: {beyond} more than the budget.")
                }
                Language::Dutch => {
                    format!("Wat gepland en uitgevoerd is kost {planned}: {beyond} meer dan het budget.")
                }
            });
        }
        let is_any_chosen = plan.rows.iter().any(|row| row.is_chosen);
        let left_euro = budget_euro - plan.planned_euro;
        let is_too_dear = |row: &PlanRow| row.rating.price_euro.is_some_and(|euro| euro > left_euro);
        let mut said = match self.language {
            _ if !is_any_chosen => {
                self.plan_none_chosen(&budget, plan.planned_euro > 0.0, plan.rows.iter().all(is_too_dear))
            }
            Language::English => format!(
                "Ticked are the rows that together avoid the most weeks for {budget}; one above the line may be left out in \
                 favour of others below it."
            ),
            Language::Dutch => format!(
                "Aangevinkt zijn de rijen die samen voor {budget} de meeste weken voorkomen; een rij boven de streep kan wijken \
                 voor andere eronder."
            ),
        };
        if plan.planned_euro > 0.0 {
            said.push_str(&match self.language {
                Language::English => format!(" What is planned and done already takes {planned} of it."),
                Language::Dutch => format!(" Wat al gepland en uitgevoerd is neemt daarvan {planned}."),
            });
        }
        Some(said)
    }

    /// Why nothing is ticked for a budget.
    fn plan_none_chosen(&self, budget: &str, is_partly_taken: bool, is_too_little: bool) -> String {
        match (self.language, is_too_little, is_partly_taken) {
            (Language::English, true, false) => format!("A budget of {budget} pays for none of these rows."),
            (Language::English, true, true) => {
                format!("What is left of the budget of {budget} pays for none of these rows.")
            }
            (Language::English, false, _) => format!("The budget of {budget} chooses none of these rows."),
            (Language::Dutch, true, false) => {
                format!("Een budget van {budget} is voor geen van deze rijen genoeg.")
            }
            (Language::Dutch, true, true) => {
                format!("Wat er over is van het budget van {budget} is voor geen van deze rijen genoeg.")
            }
            (Language::Dutch, false, _) => {
                format!("Met het budget van {budget} is geen van deze rijen gekozen.")
            }
        }
    }

    /// The line where the money ends.
    pub(crate) fn plan_line(&self, budget_euro: u64) -> String {
        let budget = self.euro(budget_euro as f64);
        match self.language {
            Language::English => format!("The budget of {budget} reaches down to here"),
            Language::Dutch => format!("Tot hier reikt het budget van {budget}"),
        }
    }

    /// The note that is recorded of a row.
    pub(crate) fn plan_note(&self, row: &PlanRow) -> String {
        let (now, then) = (self.number(row.capacity_kva.kva(), 0), self.kva(row.rating.capacity.kva()));
        let price = row.rating.price_euro.map(|euro| format!(", {}", self.euro(euro))).unwrap_or_default();
        format!("{}: {now} → {then}{price}", self.plan().title)
    }

    /// The button for so many rows.
    pub(crate) fn plan_rows(&self, rows: usize) -> String {
        let rows = self.count(u32::try_from(rows).unwrap_or(u32::MAX));
        match self.language {
            Language::English => format!("Record {rows} as planned"),
            Language::Dutch => format!("{rows} als gepland vastleggen"),
        }
    }

    /// Which rows the orders are of: how many that are ticked, and how many beside them that are recorded as planned, where
    /// these are to be ordered, too.
    pub(crate) fn orders_of(&self, ticked: usize, planned: Option<usize>) -> String {
        let [ticked_count, planned_count] =
            [ticked, planned.unwrap_or(0)].map(|rows| self.number(rows as f64, 0));
        match (self.language, ticked, planned) {
            (Language::English, 0, Some(0)) => {
                "Nothing is ticked and nothing is recorded as planned: there is nothing to order.".to_owned()
            }
            (Language::Dutch, 0, Some(0)) => {
                "Er is niets aangevinkt en niets als gepland vastgelegd: er valt niets te bestellen."
                    .to_owned()
            }
            (Language::English, 0, None) => "Nothing is ticked: there is nothing to order.".to_owned(),
            (Language::Dutch, 0, None) => "Er is niets aangevinkt: er valt niets te bestellen.".to_owned(),
            (Language::English, _, None | Some(0)) => format!("Ticked: {ticked_count}."),
            (Language::Dutch, _, None | Some(0)) => format!("Aangevinkt: {ticked_count}."),
            (Language::English, 0, Some(_)) => format!("Recorded as planned: {planned_count}."),
            (Language::Dutch, 0, Some(_)) => format!("Als gepland vastgelegd: {planned_count}."),
            (Language::English, ..) => {
                format!("Ticked: {ticked_count}; recorded as planned beside them: {planned_count}.")
            }
            (Language::Dutch, ..) => {
                format!("Aangevinkt: {ticked_count}; daarnaast als gepland vastgelegd: {planned_count}.")
            }
        }
    }

    /// What is no budget.
    pub(crate) fn bad_budget(&self, said: &str) -> String {
        let is_mark = |it: char| matches!(it, '.' | ',') || it.is_whitespace();
        let digits = said.bytes().filter(u8::is_ascii_digit).count();
        let is_large = digits > 12 && said.chars().all(|it| it.is_ascii_digit() || is_mark(it));
        let most = self.euro(PlanQuery::MAX_BUDGET_EURO as f64);
        match (self.language, is_large) {
            (Language::English, true) => format!("“{said}” is too large for a budget: give {most} at most."),
            (Language::Dutch, true) => {
                format!("“{said}” is te groot voor een budget: geef hoogstens {most}.")
            }
            (Language::English, false) => {
                format!("“{said}” is no budget: give whole euros without cents or signs, such as 250000.")
            }
            (Language::Dutch, false) => {
                format!("“{said}” is geen budget: geef hele euro’s zonder centen of tekens, zoals 250000.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::advice::StandardRating;
    use model::{BoxId, Capacity};

    use super::*;

    fn row(price_euro: Option<f64>, weeks_avoided: f64) -> PlanRow {
        let capacity = |kva| Capacity::new(kva).unwrap();
        PlanRow {
            box_id: BoxId::new("B1").unwrap(),
            station_name: String::new(),
            area: String::new(),
            capacity_kva: capacity(250.0),
            overload_probability: 0.6,
            needed_kva: 331.0,
            rating: StandardRating { capacity: capacity(400.0), price_euro },
            weeks_now: 9.0,
            weeks_with_rating: Some(9.0 - weeks_avoided),
            weeks_avoided: Some(weeks_avoided),
            weeks_avoided_per_1000_euro: None,
            cumulative_euro: None,
            is_chosen: true,
            action: None,
        }
    }

    fn plain(text: String) -> String {
        text.replace(['\u{a0}', '\u{202f}'], " ")
    }

    #[test]
    fn a_note_names_both_capacities_and_the_price() {
        let words = Words::of(Language::Dutch);
        assert_eq!(plain(words.plan_note(&row(Some(15_250.5), 1.0))), "Plan: 250 → 400 kVA, € 15.250,50");
        assert_eq!(plain(words.plan_note(&row(None, 1.0))), "Plan: 250 → 400 kVA");
    }

    #[test]
    fn what_is_ticked_is_added_up() {
        let (a, b) = (row(Some(15_000.0), 8.25), row(Some(21_000.0), 3.0));
        let said = plain(Words::of(Language::English).plan_ticked(&[&a, &b], 1_250));
        assert_eq!(said, "2 of 1,250 ticked, € 36,000: they avoid 11.2 expected weeks above the limit.");
        let said = plain(Words::of(Language::Dutch).plan_ticked(&[], 3));
        assert_eq!(said, "Van 3 is niets aangevinkt.");
    }

    #[test]
    fn a_budget_that_is_used_up_or_pays_for_nothing_says_so() {
        let words = Words::of(Language::English);
        let rows = vec![PlanRow { is_chosen: false, ..row(Some(15_000.0), 8.0) }];
        let said = |budget, planned_euro| {
            let plan = Plan {
                budget_euro: Some(budget),
                has_prices: true,
                planned_euro,
                rows: rows.clone(),
                ..Plan::default()
            };
            plain(words.plan_budget(&plan).unwrap())
        };
        assert_eq!(said(5, 0.0), "A budget of € 5 pays for none of these rows.");
        assert_eq!(
            said(100_000, 193_000.0),
            "What is planned and done takes € 193,000: € 93,000 more than the budget."
        );
        assert!(said(20_000, 9_000.0).starts_with("What is left of the budget of € 20,000 pays for none"));
        assert_eq!(said(20_000, 0.0), "The budget of € 20,000 chooses none of these rows.");
    }

    #[test]
    fn an_order_says_what_it_is_of() {
        let words = Words::of(Language::English);
        assert!(words.orders_of(0, Some(0)).ends_with("there is nothing to order."));
        assert_eq!(words.orders_of(0, None), "Nothing is ticked: there is nothing to order.");
        assert_eq!(words.orders_of(1, Some(2)), "Ticked: 1; recorded as planned beside them: 2.");
        assert_eq!(words.orders_of(1, Some(0)), "Ticked: 1.");
    }

    #[test]
    fn next_to_none_is_not_none() {
        let words = Words::of(Language::English);
        assert_eq!(plain(words.weeks_figure(0.01)), "< 0.1");
        assert_eq!((words.weeks_figure(0.0), words.weeks_figure(0.06)), ("0.0".to_owned(), "0.1".to_owned()));
        assert_eq!(plain(words.weeks_per_1000_euro(0.004)), "< 0.01");
    }

    #[test]
    fn a_budget_that_is_too_large_is_told_from_one_that_is_none() {
        let said = |text| plain(Words::of(Language::English).bad_budget(text));
        let large = "18446744073709551615";
        assert_eq!(
            said(large),
            format!("“{large}” is too large for a budget: give € 1,000,000,000,000 at most.")
        );
        assert!(said("-5").starts_with("“-5” is no budget"));
    }

    #[test]
    fn a_budget_explains_its_ticks() {
        let words = Words::of(Language::English);
        let rows = vec![row(Some(15_000.0), 8.0)];
        let plan =
            Plan { budget_euro: Some(50_000), has_prices: true, planned_euro: 9e3, rows, ..Plan::default() };
        assert!(
            plain(words.plan_budget(&plan).unwrap())
                .ends_with("What is planned and done already takes € 9,000 of it.")
        );
        assert_eq!(words.plan_budget(&Plan { has_prices: false, ..plan }), None);
    }
}
