//! Boxes with synthetic loads.

use backtest::{BoxHistory, DataSet, Job, WindowSettings};
use model::{BoxId, Capacity, IsoWeek, WeekExtremes};

pub(crate) const LAST: IsoWeek = IsoWeek::from_index(2_800);

/// A load with season, drift and noise; the number of the box sets its size and phase.
pub(crate) fn history(number: u32, weeks: i32) -> BoxHistory {
    let size_kw = 100.0 + 10.0 * f64::from(number);
    let week = |index: i32| {
        let year = f64::from(index) / 52.1775;
        let season = (std::f64::consts::TAU * (year + 0.01 * f64::from(number))).cos();
        // Multiples of the golden ratio: irregular, but the same on every machine.
        let scatter = (f64::from(index) * 0.618_034 + f64::from(number) * 0.324_7).fract() - 0.5;
        let max_kw = size_kw * (1.0 + 0.3 * season + 0.05 * (year - 50.0) + 0.1 * scatter);
        WeekExtremes { week: IsoWeek::from_index(index), min_kw: 0.2 * max_kw - 30.0, max_kw, readings: 672 }
    };
    BoxHistory {
        box_id: BoxId::new(&format!("BOX-{number:03}")).unwrap(),
        capacity: Capacity::new(size_kw * 1.5).ok(),
        weeks: (LAST.index() - weeks + 1..=LAST.index()).map(week).collect(),
    }
}

/// A job of such boxes at two origins.
pub(crate) fn job(boxes: u32, windows: WindowSettings) -> Job {
    let data = DataSet::new("synthetic", (0..boxes).map(|number| history(number, 260)).collect());
    Job { data, origins: vec![LAST, LAST.plus(-26)], windows }
}
