//! The fixed labels: one field a text, in the order of the page.

use domain::language::Language;

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct Words {
    /// The language itself.
    pub(crate) language: Language,
    // the page
    /// The product's name.
    pub(crate) title: &'static str,
    /// What the product is for.
    pub(crate) tagline: &'static str,
    /// Link for keyboards.
    pub(crate) skip_to_list: &'static str,
    /// Link for keyboards.
    pub(crate) skip_to_detail: &'static str,
    /// Link to the handbook.
    pub(crate) handbook: &'static str,
    /// The planner's guide in this language.
    pub(crate) handbook_link: &'static str,
    /// Name of the language switch.
    pub(crate) language_label: &'static str,
    /// Name of the switch between light and dark.
    pub(crate) theme: &'static str,
    /// As the system prefers.
    pub(crate) theme_system: &'static str,
    /// Light.
    pub(crate) theme_light: &'static str,
    /// Dark.
    pub(crate) theme_dark: &'static str,
    /// Name of the summary of all boxes.
    pub(crate) fleet: &'static str,
    /// The chip without a filter.
    pub(crate) all: &'static str,
    /// While something is on its way.
    pub(crate) loading: &'static str,
    /// Button after a failure.
    pub(crate) retry: &'static str,
    /// Button that opens links and switches on a narrow screen.
    pub(crate) menu: &'static str,
    /// Button where a box isn't there.
    pub(crate) search_resembling: &'static str,
    /// Heading of a failure.
    pub(crate) failed: &'static str,
    /// Heading of the page for unknown addresses.
    pub(crate) not_found_title: &'static str,
    /// Text of that page.
    pub(crate) not_found_text: &'static str,
    /// The link to the model card.
    pub(crate) model_card_link: &'static str,
    /// The link to the page of runs.
    pub(crate) runs_link: &'static str,
    /// Its way out.
    pub(crate) not_found_link: &'static str,
    // the filter
    /// Label of the search field.
    pub(crate) search: &'static str,
    /// Button that opens the filters on a narrow screen.
    pub(crate) filters: &'static str,
    /// What can be searched.
    pub(crate) search_hint: &'static str,
    /// Label of the area filter and column.
    pub(crate) area: &'static str,
    /// No area filter.
    pub(crate) all_areas: &'static str,
    /// Label of the filter by what is said of the data.
    pub(crate) flag_filter: &'static str,
    /// No such filter.
    pub(crate) all_flags: &'static str,
    /// Boxes without an area.
    pub(crate) no_area: &'static str,
    /// Label of the order.
    pub(crate) sort_by: &'static str,
    /// Button of the form without JavaScript.
    pub(crate) apply: &'static str,
    /// Link that removes all filters.
    pub(crate) clear_filters: &'static str,
    // the classes
    /// Class.
    pub(crate) exceeded: &'static str,
    /// Its meaning.
    pub(crate) exceeded_meaning: &'static str,
    /// Class.
    pub(crate) overload: &'static str,
    /// Class.
    pub(crate) near: &'static str,
    /// Class.
    pub(crate) ample: &'static str,
    /// Class.
    pub(crate) no_forecast: &'static str,
    /// Its meaning.
    pub(crate) no_forecast_meaning: &'static str,
    /// Class.
    pub(crate) unmeasured: &'static str,
    /// Its meaning.
    pub(crate) unmeasured_meaning: &'static str,
    /// Heading of such a box.
    pub(crate) unmeasured_box: &'static str,
    // the list
    /// Name of the list.
    pub(crate) ranking: &'static str,
    /// Column.
    pub(crate) status: &'static str,
    /// Column.
    pub(crate) box_id: &'static str,
    /// Column.
    pub(crate) station: &'static str,
    /// Column.
    pub(crate) capacity: &'static str,
    /// Column.
    pub(crate) peak_loading: &'static str,
    /// Column.
    pub(crate) peak_week: &'static str,
    /// Column.
    pub(crate) overload_week: &'static str,
    /// The order by the first week in which a band reaches the limit.
    pub(crate) order_by_bands: &'static str,
    /// Column.
    pub(crate) overload_probability: &'static str,
    /// The column's full name.
    pub(crate) overload_probability_long: &'static str,
    /// Where the filter lets nothing through.
    pub(crate) no_rows: &'static str,
    /// Stands for a missing value, read aloud.
    pub(crate) none: &'static str,
    /// The minimum sets the peak.
    pub(crate) by_feed_in: &'static str,
    /// The maximum sets the peak.
    pub(crate) by_import: &'static str,
    // the detail
    /// Name of the pane.
    pub(crate) detail: &'static str,
    /// Link on narrow screens.
    pub(crate) back: &'static str,
    /// Where nothing is chosen.
    pub(crate) choose: &'static str,
    /// What then appears.
    pub(crate) choose_more: &'static str,
    /// Column of the summary.
    pub(crate) boxes: &'static str,
    /// Column of the summary.
    pub(crate) overloaded: &'static str,
    /// Fact.
    pub(crate) import_limit: &'static str,
    /// Fact.
    pub(crate) feed_in_limit: &'static str,
    /// Fact.
    pub(crate) station_number: &'static str,
    /// Fact.
    pub(crate) function: &'static str,
    /// Fact.
    pub(crate) address: &'static str,
    /// Fact.
    pub(crate) town: &'static str,
    /// Fact.
    pub(crate) municipality: &'static str,
    /// Fact.
    pub(crate) region: &'static str,
    /// Fact.
    pub(crate) tap_position: &'static str,
    /// Fact.
    pub(crate) coordinates: &'static str,
    /// Heading.
    pub(crate) station_facts: &'static str,
    /// Heading.
    pub(crate) flags: &'static str,
    /// Name of the tabs.
    pub(crate) tabs: &'static str,
    /// Tab.
    pub(crate) tab_forecast: &'static str,
    /// Where a box has no forecast.
    pub(crate) no_chart: &'static str,
    // the charts
    /// Extreme.
    pub(crate) maximum: &'static str,
    /// Extreme.
    pub(crate) minimum: &'static str,
    /// Legend.
    pub(crate) measured_maximum: &'static str,
    /// Legend.
    pub(crate) measured_minimum: &'static str,
    /// Column.
    pub(crate) measured: &'static str,
    /// Legend.
    pub(crate) median: &'static str,
    /// Column.
    pub(crate) median_short: &'static str,
    /// Legend.
    pub(crate) band_90: &'static str,
    /// Legend.
    pub(crate) band_70: &'static str,
    /// Legend.
    pub(crate) limit: &'static str,
    /// Legend.
    pub(crate) gap: &'static str,
    /// Mark of the future.
    pub(crate) forecast: &'static str,
    /// The weeks after the half-year that is judged.
    pub(crate) indicative: &'static str,
    /// Panel: trend, season and noise.
    pub(crate) total: &'static str,
    /// Panel.
    pub(crate) drift: &'static str,
    /// Panel.
    pub(crate) yearly: &'static str,
    /// Summary of the data table.
    pub(crate) table: &'static str,
    /// Column.
    pub(crate) week_column: &'static str,
    /// Column.
    pub(crate) from_to_90: &'static str,
    /// Column.
    pub(crate) from_to_70: &'static str,
    /// Column and tooltip.
    pub(crate) weekly_probability: &'static str,
    /// Button.
    pub(crate) zoom_in: &'static str,
    /// Button.
    pub(crate) zoom_out: &'static str,
    /// Button.
    pub(crate) zoom_all: &'static str,
    /// Help for keyboards.
    pub(crate) chart_keys: &'static str,
    /// Where the drawing cannot be loaded.
    pub(crate) chart_failed: &'static str,
    // data and origin
    /// Heading.
    pub(crate) quality: &'static str,
    /// Fact.
    pub(crate) completeness: &'static str,
    /// Fact.
    pub(crate) first_week: &'static str,
    /// Fact.
    pub(crate) last_week: &'static str,
    /// Fact.
    pub(crate) weeks: &'static str,
    /// Weeks that came in as their extremes.
    pub(crate) imported_weeks: &'static str,
    /// Readings beyond five times the capacity.
    pub(crate) implausible_readings: &'static str,
    /// Fact.
    pub(crate) idle_weeks: &'static str,
    /// Fact.
    pub(crate) gaps: &'static str,
    /// Fact.
    pub(crate) no_gaps: &'static str,
    /// Heading of the weeks that the forecast does not take as they are.
    pub(crate) special_weeks: &'static str,
    /// A switching that added load.
    pub(crate) extra_load: &'static str,
    /// A switching that took load away.
    pub(crate) relief: &'static str,
    /// A step of the load that stays.
    pub(crate) level_shift: &'static str,
    /// Weeks that a planner left out.
    pub(crate) decided: &'static str,
    /// A peak that a planner knows to be real.
    pub(crate) trusted_peak: &'static str,
    /// What the forecast leaves out.
    pub(crate) left_out: &'static str,
    /// What the forecast takes as it is.
    pub(crate) counted: &'static str,
    /// Button: leave weeks out.
    pub(crate) leave_out: &'static str,
    /// Button: let weeks count.
    pub(crate) let_count: &'static str,
    /// Button: withdraw a decision on weeks.
    pub(crate) as_model_decides: &'static str,
    /// After the button.
    pub(crate) decision_awaited: &'static str,
    /// When the worker takes its time.
    pub(crate) decision_later: &'static str,
    /// The forecast rests on the box alone.
    pub(crate) basis_own: &'static str,
    /// The forecast borrows from the fleet.
    pub(crate) basis_population: &'static str,
    /// The forecast is the fleet's.
    pub(crate) basis_capacity: &'static str,
    /// The forecast is a flat line.
    pub(crate) basis_constant: &'static str,
    /// The weeks that the model was fitted to.
    pub(crate) training: &'static str,
    /// Heading.
    pub(crate) provenance: &'static str,
    /// Fact.
    pub(crate) model: &'static str,
    /// Fact.
    pub(crate) run: &'static str,
    /// Fact.
    pub(crate) code_version: &'static str,
    /// Fact.
    pub(crate) processed_on: &'static str,
}
