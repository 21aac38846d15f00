//! What the page shows, as it stands in the address: a link reproduces the view.

mod links;
mod tab;
mod theme;
mod unknown;

use std::borrow::Cow;

use domain::actions::ActionFilter;
use domain::language::Language;
use domain::plan::PlanQuery;
use domain::ranking::{Change, Direction, RankingQuery, SortKey};
use domain::urgency::Urgency;
use model::{BoxId, Extreme, Flag};

#[cfg(feature = "ssr")]
pub(crate) use links::{BesideList, use_completeness_link, use_older_audit_link};
pub(crate) use links::{
    use_address, use_audit_link, use_home_link, use_link, use_link_to_list, use_list_print_link,
    use_model_card_link, use_plan_export_link, use_plan_link, use_print_link, use_runs_link,
};
pub(crate) use tab::Tab;
pub(crate) use theme::Theme;
pub use unknown::MarkUnknown;
#[cfg(feature = "ssr")]
pub use unknown::asks_for_unknown;
pub(crate) use unknown::unknown_fields;

use crate::typed_number::read_whole;

/// The word in links for what is new this week.
const WEEK: &str = "week";

/// The state of the page. Words that are not in the vocabulary fall back to their defaults, so that an
/// old or mistyped link still opens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) search: String,
    pub(crate) area: Option<String>,
    pub(crate) region: Option<String>,
    /// Only these boxes: a selection that was sent as a link.
    pub(crate) boxes: Vec<BoxId>,
    pub(crate) urgency: Option<Urgency>,
    pub(crate) flag: Option<Flag>,
    pub(crate) peak_extreme: Option<Extreme>,
    pub(crate) within_weeks: Option<u16>,
    pub(crate) min_probability_percent: Option<u8>,
    pub(crate) min_loading_percent: Option<u16>,
    pub(crate) min_import_headroom_kw: Option<u16>,
    pub(crate) min_feed_in_headroom_kw: Option<u16>,
    pub(crate) action: Option<ActionFilter>,
    pub(crate) change: Option<Change>,
    pub(crate) sort: SortKey,
    pub(crate) direction: Direction,
    pub(crate) box_id: Option<BoxId>,
    /// What is new this week, where one pane is shown at a time.
    pub(crate) this_week: bool,
    pub(crate) tab: Tab,
    /// What the plan may spend, €.
    pub(crate) budget_euro: Option<u64>,
    pub(crate) language: Option<Language>,
    pub(crate) theme: Option<Theme>,
}

impl Address {
    /// Reads the query of an address, without its question mark.
    pub(crate) fn parse(query: &str) -> Self {
        let mut address = Self::default();
        for (key, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            let value = value.trim();
            match &*key {
                "q" => address.search = value.to_owned(),
                "area" => address.area = (!value.is_empty()).then(|| value.to_owned()),
                "region" => address.region = (!value.is_empty()).then(|| value.to_owned()),
                "only" => address.boxes.extend(BoxId::new(value)),
                "urgency" => address.urgency = value.parse().ok(),
                "flag" => address.flag = value.parse().ok(),
                "peak" => address.peak_extreme = peak_of_word(value),
                "within" => address.within_weeks = value.parse().ok().filter(|weeks| *weeks > 0),
                "chance" => {
                    address.min_probability_percent = value.parse().ok().filter(|percent| *percent <= 100);
                }
                "loading" => address.min_loading_percent = value.parse().ok(),
                "import-room" => address.min_import_headroom_kw = value.parse().ok(),
                "feed-in-room" => address.min_feed_in_headroom_kw = value.parse().ok(),
                "progress" => address.action = value.parse().ok(),
                "change" => address.change = value.parse().ok(),
                "sort" => address.sort = value.parse().unwrap_or_default(),
                "dir" => address.direction = direction(value),
                "box" => address.box_id = BoxId::new(value).ok(),
                "show" => address.this_week = value == WEEK,
                "tab" => address.tab = value.parse().unwrap_or_default(),
                "budget" => address.budget_euro = read_budget(value),
                "lang" => address.language = value.parse().ok(),
                "theme" => address.theme = value.parse().ok(),
                _ => {}
            }
        }
        address
    }

    /// The address as key and value pairs; what is at its default is left out.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        let text = |key, value: &'static str| (key, Cow::Borrowed(value));
        let number = |key, value: u16| (key, Cow::Owned(value.to_string()));
        [
            (!self.search.is_empty()).then_some(("q", Cow::Borrowed(self.search.as_str()))),
            self.area.as_deref().map(|area| ("area", Cow::Borrowed(area))),
            self.region.as_deref().map(|region| ("region", Cow::Borrowed(region))),
            self.urgency.map(|urgency| text("urgency", urgency.as_str())),
            self.flag.map(|flag| text("flag", flag.as_str())),
            self.peak_extreme.map(|extreme| text("peak", peak_word(extreme))),
            self.within_weeks.map(|weeks| number("within", weeks)),
            self.min_probability_percent.map(|percent| number("chance", percent.into())),
            self.min_loading_percent.map(|percent| number("loading", percent)),
            self.min_import_headroom_kw.map(|kw| number("import-room", kw)),
            self.min_feed_in_headroom_kw.map(|kw| number("feed-in-room", kw)),
            self.action.map(|action| text("progress", action.as_str())),
            self.change.map(|change| text("change", change.as_str())),
            (self.sort != SortKey::default()).then(|| text("sort", self.sort.as_str())),
            (self.direction != Direction::default()).then(|| text("dir", "desc")),
            self.box_id.as_ref().map(|box_id| ("box", Cow::Borrowed(box_id.as_str()))),
            self.this_week.then(|| text("show", WEEK)),
            (self.tab != Tab::default()).then(|| text("tab", self.tab.as_str())),
            self.budget_euro.map(|euro| ("budget", Cow::Owned(euro.to_string()))),
            self.language.map(|language| text("lang", language.code())),
            self.theme.map(|theme| text("theme", theme.as_str())),
        ]
        .into_iter()
        .flatten()
        .chain(self.boxes.iter().map(|box_id| ("only", Cow::Borrowed(box_id.as_str()))))
        .collect()
    }

    /// A link to this state of the page, relative to its path: `?box=…`.
    pub(crate) fn href(&self) -> String {
        format!("?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish())
    }

    /// A link to the filters and the order alone: what a saved view keeps.
    pub(crate) fn view(&self) -> String {
        let plain = Self {
            box_id: None,
            this_week: false,
            tab: Tab::default(),
            budget_euro: None,
            language: None,
            theme: None,
            ..self.clone()
        };
        plain.href()
    }

    /// The address with some of it changed.
    pub(crate) fn changed(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    /// The question for the rows of the list, the window left open.
    pub(crate) fn ranking(&self) -> RankingQuery {
        RankingQuery {
            search: self.search.clone(),
            area: self.area.clone(),
            region: self.region.clone(),
            boxes: self.boxes.clone(),
            urgency: self.urgency,
            flag: self.flag,
            peak_extreme: self.peak_extreme,
            within_weeks: self.within_weeks,
            min_probability_percent: self.min_probability_percent,
            min_loading_percent: self.min_loading_percent,
            min_import_headroom_kw: self.min_import_headroom_kw,
            min_feed_in_headroom_kw: self.min_feed_in_headroom_kw,
            action: self.action,
            change: self.change,
            sort: self.sort,
            direction: self.direction,
            ..RankingQuery::default()
        }
    }
}

/// A budget in whole euros, its thousands set apart or not; nothing where it is none, or more than a page can tell exactly.
fn read_budget(text: &str) -> Option<u64> {
    read_whole(text).filter(|euro| *euro <= PlanQuery::MAX_BUDGET_EURO)
}

/// The word in links for what sets the peak.
pub(crate) fn peak_word(extreme: Extreme) -> &'static str {
    match extreme {
        Extreme::Min => "feed-in",
        Extreme::Max => "import",
    }
}

/// What sets the peak, by its word in links.
pub(crate) fn peak_of_word(word: &str) -> Option<Extreme> {
    Extreme::ALL.into_iter().find(|extreme| peak_word(*extreme) == word)
}

fn direction(word: &str) -> Direction {
    if word == "desc" { Direction::Descending } else { Direction::Ascending }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_comes_back_from_its_link() {
        let address = Address {
            search: "dorps straat & 50 %".to_owned(),
            area: Some("Den Bosch".to_owned()),
            region: Some("Zuid".to_owned()),
            boxes: ["ESD.000240-1", "odd, name & more"].map(|name| BoxId::new(name).unwrap()).to_vec(),
            urgency: Some(Urgency::NoForecast),
            flag: Some(Flag::TooShort),
            peak_extreme: Some(Extreme::Min),
            within_weeks: Some(13),
            min_probability_percent: Some(25),
            min_loading_percent: Some(120),
            min_import_headroom_kw: Some(50),
            min_feed_in_headroom_kw: Some(200),
            action: Some(ActionFilter::Overdue),
            change: Some(Change::Earlier),
            sort: SortKey::PeakLoading,
            direction: Direction::Descending,
            box_id: BoxId::new("ESD.000240-2").ok(),
            this_week: true,
            tab: Tab::Why,
            budget_euro: Some(250_000),
            language: Some(Language::Dutch),
            theme: Some(Theme::Dark),
        };
        assert_eq!(Address::parse(&address.href()), address);
        assert_eq!(address.href().matches('=').count(), 23);
    }

    #[test]
    fn the_default_state_has_an_empty_query() {
        assert_eq!(Address::default().href(), "?");
        assert_eq!(Address::parse(""), Address::default());
    }

    #[test]
    fn unknown_words_and_empty_fields_of_the_form_fall_back() {
        let address = Address::parse(
            "q=&area=&region=&only=&urgency=&flag=&peak=up&within=x&chance=-1&loading=&import-room=many&feed-in-room=&progress=late&change=much&sort=nonsense&dir=asc&box=&show=x&tab=x&budget=-1&lang=fr&theme=&more=1",
        );
        assert_eq!(address, Address::default());
    }

    #[test]
    fn a_budget_is_read_with_its_thousands_set_apart() {
        for query in ["budget=250000", "budget=250.000", "budget=250,000", "budget=250+000&lang=nl"] {
            assert_eq!(Address::parse(query).budget_euro, Some(250_000), "{query}");
        }
        assert_eq!(Address::parse("budget=1000000000000").budget_euro, Some(PlanQuery::MAX_BUDGET_EURO));
        for query in ["budget=1000000000001", "budget=18446744073709551615", "budget=250.00"] {
            assert_eq!(Address::parse(query).budget_euro, None, "{query}");
        }
    }

    #[test]
    fn a_form_writes_spaces_as_plus() {
        assert_eq!(Address::parse("q=den+bosch").search, "den bosch");
    }
}
