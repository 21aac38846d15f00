//! What the page shows, as it stands in the address: a link reproduces the view.

mod links;
mod tab;
mod theme;

use domain::language::Language;
use domain::ranking::{Direction, RankingQuery, SortKey};
use domain::urgency::Urgency;
use model::{BoxId, Flag};

pub(crate) use links::{use_address, use_home_link, use_link, use_model_card_link, use_runs_link};
pub(crate) use tab::Tab;
pub(crate) use theme::Theme;

/// The state of the page. Words that are not in the vocabulary fall back to their defaults, so that an
/// old or mistyped link still opens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) search: String,
    pub(crate) area: Option<String>,
    pub(crate) urgency: Option<Urgency>,
    pub(crate) flag: Option<Flag>,
    pub(crate) sort: SortKey,
    pub(crate) direction: Direction,
    pub(crate) box_id: Option<BoxId>,
    pub(crate) tab: Tab,
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
                "urgency" => address.urgency = value.parse().ok(),
                "flag" => address.flag = value.parse().ok(),
                "sort" => address.sort = value.parse().unwrap_or_default(),
                "dir" => address.direction = direction(value),
                "box" => address.box_id = BoxId::new(value).ok(),
                "tab" => address.tab = value.parse().unwrap_or_default(),
                "lang" => address.language = value.parse().ok(),
                "theme" => address.theme = value.parse().ok(),
                _ => {}
            }
        }
        address
    }

    /// The address as key and value pairs; what is at its default is left out.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = Vec::new();
        let mut put = |key, value| pairs.push((key, value));
        if !self.search.is_empty() {
            put("q", self.search.as_str());
        }
        if let Some(area) = &self.area {
            put("area", area);
        }
        if let Some(urgency) = self.urgency {
            put("urgency", urgency.as_str());
        }
        if let Some(flag) = self.flag {
            put("flag", flag.as_str());
        }
        if self.sort != SortKey::default() {
            put("sort", self.sort.as_str());
        }
        if self.direction != Direction::default() {
            put("dir", "desc");
        }
        if let Some(box_id) = &self.box_id {
            put("box", box_id.as_str());
        }
        if self.tab != Tab::default() {
            put("tab", self.tab.as_str());
        }
        if let Some(language) = self.language {
            put("lang", language.code());
        }
        if let Some(theme) = self.theme {
            put("theme", theme.as_str());
        }
        pairs
    }

    /// A link to this state of the page, relative to its path: `?box=…`.
    pub(crate) fn href(&self) -> String {
        format!("?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish())
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
            urgency: self.urgency,
            flag: self.flag,
            sort: self.sort,
            direction: self.direction,
            ..RankingQuery::default()
        }
    }
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
            urgency: Some(Urgency::NoForecast),
            flag: Some(Flag::TooShort),
            sort: SortKey::PeakLoading,
            direction: Direction::Descending,
            box_id: BoxId::new("ESD.000240-2").ok(),
            tab: Tab::Minimum,
            language: Some(Language::Dutch),
            theme: Some(Theme::Dark),
        };
        assert_eq!(Address::parse(&address.href()), address);
        assert_eq!(address.href().matches('=').count(), 10);
    }

    #[test]
    fn the_default_state_has_an_empty_query() {
        assert_eq!(Address::default().href(), "?");
        assert_eq!(Address::parse(""), Address::default());
    }

    #[test]
    fn unknown_words_and_empty_fields_of_the_form_fall_back() {
        let address =
            Address::parse("q=&area=&urgency=&flag=&sort=nonsense&dir=asc&box=&tab=x&lang=fr&theme=&more=1");
        assert_eq!(address, Address::default());
    }

    #[test]
    fn a_form_writes_spaces_as_plus() {
        assert_eq!(Address::parse("q=den+bosch").search, "den bosch");
    }
}
