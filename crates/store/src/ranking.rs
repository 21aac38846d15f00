//! The ranked list: filtered, sorted and paged in SQL, from the one table `box`.

use domain::ranking::{Direction, RankingPage, RankingQuery, RankingRow, SortKey};
use domain::urgency::Urgency;
use model::{BoxId, IsoWeek};
use sqlx::{AssertSqlSafe, QueryBuilder};

use super::assessments::{extreme_from_code, flags_from_text, urgency_from_code, urgency_to_code};
use super::bands::from_json;
use super::{Store, StoreError, within};

#[derive(sqlx::FromRow)]
struct Row {
    box_id: String,
    station_name: String,
    street: String,
    house_number: String,
    town: String,
    area: String,
    capacity_kva: Option<f64>,
    urgency: i32,
    urgency_rank: i32,
    exceedance: Option<String>,
    peak_loading: Option<f64>,
    peak_week: Option<i32>,
    peak_extreme: Option<i32>,
    overload_week: Option<i32>,
    overload_probability: Option<f64>,
    flags: String,
}

impl Row {
    fn into_ranking_row(self) -> Result<RankingRow, StoreError> {
        Ok(RankingRow {
            rank: u32::try_from(self.urgency_rank).unwrap_or(u32::MAX),
            box_id: BoxId::new(&self.box_id).map_err(|error| StoreError::Corrupt(error.to_string()))?,
            station_name: self.station_name,
            address: format!("{} {}", self.street, self.house_number).trim().to_owned(),
            town: self.town,
            area: self.area,
            capacity_kva: self.capacity_kva,
            urgency: urgency_from_code(self.urgency),
            exceedance: self.exceedance.as_deref().map(from_json).transpose()?,
            peak_loading: self.peak_loading,
            peak_week: self.peak_week.map(IsoWeek::from_index),
            peak_extreme: self.peak_extreme.map(extreme_from_code),
            overload_week: self.overload_week.map(IsoWeek::from_index),
            overload_probability: self.overload_probability,
            flags: flags_from_text(&self.flags),
        })
    }
}

/// The column and whether it can be empty.
fn column(key: SortKey) -> (&'static str, bool) {
    match key {
        SortKey::Urgency => ("urgency_rank", false),
        SortKey::BoxId => ("box_id", false),
        SortKey::Station => ("station_name", false),
        SortKey::Area => ("area", false),
        SortKey::Capacity => ("capacity_kva", true),
        SortKey::PeakLoading => ("peak_loading", true),
        SortKey::PeakWeek => ("peak_week", true),
        SortKey::OverloadWeek => ("overload_week", true),
        SortKey::OverloadProbability => ("overload_probability", true),
    }
}

/// A word as a LIKE pattern that finds it anywhere, taken literally.
fn contains_pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for character in word.to_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// Appends the filter of a query.
macro_rules! push_filter {
    ($builder:expr, $query:expr) => {{
        $builder.push(" WHERE 1 = 1");
        for word in $query.search.split_whitespace() {
            $builder.push(" AND search_text LIKE ").push_bind(contains_pattern(word)).push(" ESCAPE '\\'");
        }
        if let Some(area) = &$query.area {
            $builder.push(" AND area = ").push_bind(area.clone());
        }
        if let Some(urgency) = $query.urgency {
            $builder.push(" AND urgency = ").push_bind(urgency_to_code(urgency));
        }
        let asked_for_all = $query.urgency.is_some() || $query.flag.is_some();
        if !asked_for_all && $query.search.trim().is_empty() {
            $builder.push(" AND urgency <> ").push_bind(urgency_to_code(Urgency::Unmeasured));
        }
        if let Some(flag) = $query.flag {
            $builder.push(" AND flags LIKE ").push_bind(format!("%,{},%", flag.as_str()));
        }
    }};
}

impl Store {
    /// A window of the ranked list and how many rows the filter lets through.
    ///
    /// # Errors
    /// [`StoreError::Query`].
    pub async fn ranking(&self, query: &RankingQuery) -> Result<RankingPage, StoreError> {
        let (column, optional) = column(query.sort);
        let direction = match query.direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        };
        let empty_last = if optional { format!("{column} IS NULL, ") } else { String::new() };
        let order = format!(" ORDER BY {empty_last}{column} {direction}, urgency_rank, box_key LIMIT ");
        let mut session = self.read().await?;
        let limit = i64::from(query.limit.min(RankingQuery::MOST_ROWS));
        let (total, rows): (i64, Vec<Row>) = within!(session, connection => {
            let mut count = QueryBuilder::new("SELECT count(*) FROM box");
            push_filter!(count, query);
            let total = count.build_query_scalar().fetch_one(&mut *connection).await?;
            let mut window = QueryBuilder::new(
                "SELECT box_id, station_name, street, house_number, town, area, capacity_kva, urgency, urgency_rank, \
                 exceedance, peak_loading, peak_week, peak_extreme, overload_week, overload_probability, flags FROM box");
            push_filter!(window, query);
            window.push(AssertSqlSafe(order).0).push_bind(limit).push(" OFFSET ").push_bind(i64::from(query.offset));
            (total, window.build_query_as().fetch_all(connection).await?)
        });
        Ok(RankingPage {
            rows: rows.into_iter().map(Row::into_ranking_row).collect::<Result<_, _>>()?,
            total: u32::try_from(total).unwrap_or(u32::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::contains_pattern;

    #[test]
    fn a_search_word_is_taken_literally_and_in_any_case() {
        assert_eq!(contains_pattern("Sint_Jan 50%"), "%sint\\_jan 50\\%%");
    }
}
