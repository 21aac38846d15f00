//! The coming weeks of a row as a picture of the size of a word.

use domain::ranking::WeeksAhead;
use leptos::prelude::*;
use model::Extreme;

use crate::charts::{Sparkline, SparklineInput, sparkline};

/// Band, median and limit on the side that sets the peak; nothing where they can't be drawn.
pub(super) fn weeks_picture(ahead: &WeeksAhead, side: Extreme) -> Option<impl IntoView + use<>> {
    // Percent of the limit; feed-in hangs down.
    let (sign, class) = match side {
        Extreme::Max => (1.0, "maximum"),
        Extreme::Min => (-1.0, "minimum"),
    };
    let values =
        |place: usize| ahead.weeks.iter().map(|week| sign * f64::from(week[place])).collect::<Vec<f64>>();
    let [away, median, towards] = [0, 1, 2].map(values);
    let (low, high) = if sign > 0.0 { (away, towards) } else { (towards, away) };
    let paths = sparkline(SparklineInput {
        low_kw: &low,
        median_kw: &median,
        high_kw: &high,
        limit_kw: Some(sign * 100.0),
    })?;
    // Peak and first overload stand beside it in words.
    Some(view! { <Sparkline paths class label=String::new() /> })
}
