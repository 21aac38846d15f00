//! Tallies don't depend on how readings are spread over overlapping files or on the order of
//! imports.

use proptest::prelude::*;
use readings::ReadSettings;

use crate::files::{Folder, HEADER, Row, Store, amsterdam, cases, import, read, settings};

/// Readings of three boxes over six weeks around the start of summer time, one value per
/// quarter-hour.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let reading = (0_usize..3, 0_usize..5, 0_i64..6 * 672, -5000_i32..5000);
    proptest::collection::vec(reading, 1..200).prop_map(|readings| {
        let mut rows: Vec<Row> = readings
            .into_iter()
            .map(|(number, channel, quarter, value)| Row {
                box_id: format!("ESD.{number}"),
                channel: match channel {
                    4 => "register://electricity/0/voltage/l1?avg=15".to_owned(),
                    _ => format!(
                        "register://electricity/0/activepower/{}?avg=15",
                        model::Phase::ALL[channel].as_str()
                    ),
                },
                value_kw: f64::from(value) / 100.0,
                second: 1_709_500_000 + quarter * 900,
            })
            .collect();
        let slot = |row: &Row| (row.box_id.clone(), row.channel.clone(), row.second / 900);
        rows.sort_by_key(slot);
        rows.dedup_by_key(|row| slot(row));
        rows
    })
}

/// The files, of five, that each row is in (at least one), and the order of the imports.
fn any_spread() -> impl Strategy<Value = (Vec<u8>, Vec<usize>)> {
    (proptest::collection::vec(1_u8..32, 200), proptest::collection::vec(0_usize..5, 5..10))
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn overlapping_files_in_any_order_give_the_same_tallies(
        rows in any_rows(),
        (spread, mut order) in any_spread(),
        is_spilling in any::<bool>(),
    ) {
        let folder = Folder::new();
        let (report, expected) = read(&folder.usual_parquet("all.parquet", &rows));
        prop_assert_eq!(report.rows, rows.len() as u64);

        order.extend(0..5);
        let max_open_tallies = if is_spilling { 0 } else { 200_000 };
        let settings = ReadSettings { max_open_tallies, ..settings() };
        let mut store = Store::new();
        let mut imports = 0;
        for number in order {
            let part: Vec<Row> = rows
                .iter()
                .zip(&spread)
                .filter(|(_, files)| *files & (1 << number) != 0)
                .map(|(row, _)| row.clone())
                .collect();
            imports += 1;
            let path = if imports % 2 == 0 {
                folder.usual_parquet("part.parquet", &part)
            } else {
                let lines: Vec<String> = part.iter().rev().map(Row::csv).collect();
                folder.bytes("part.csv", format!("{HEADER}\n{}", lines.join("\n")).as_bytes())
            };
            import(&mut store, &path, amsterdam(), &settings);
        }
        prop_assert_eq!(store, expected);
    }
}
