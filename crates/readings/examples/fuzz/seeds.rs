//! What inputs are made of: the shared cases, and files of our own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Lines of a text that are kept: a short input is mutated where it matters.
const LINES: usize = 12;
const CHANNEL: &str = "register://electricity/0/activepower/sumli?avg=15";

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases");
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn cases_named(is_wanted: impl Fn(&str) -> bool) -> Vec<Vec<u8>> {
    let files = cases();
    let wanted = files.iter().filter(|path| is_wanted(&path.to_string_lossy()));
    wanted.map(|path| fs::read(path).unwrap()).collect()
}

/// The first lines of a text, in UTF-16 too.
fn first_lines(text: &[u8]) -> Vec<u8> {
    let ends = text.iter().enumerate().filter(|(_, byte)| matches!(byte, b'\n' | b'\r'));
    let end = ends.map(|(place, _)| place + 2).nth(LINES).unwrap_or(text.len());
    text[..end.min(text.len())].to_vec()
}

pub(crate) fn texts() -> Vec<Vec<u8>> {
    let mut texts: Vec<Vec<u8>> = cases_named(|name| name.ends_with(".csv") && !name.contains("boxes"))
        .iter()
        .map(|text| first_lines(text))
        .collect();
    texts.push(
        format!(
            "sep=;\r\nBOXID;\"CHANNEL\"\"ID\";CHANNELID;WAARDE;DATUMTIJD\r\n\"A\r\nB\";x;{CHANNEL};1.234,5;2026-11-16T00:15:00+01:00[Europe/Amsterdam]\r\n\
             C;;{CHANNEL};-0,5;2026/11/16 0:30\r\nC;;{CHANNEL};1e3;2026-11-16 00:44:59.997\r\n"
        )
        .into_bytes(),
    );
    texts
}

pub(crate) fn boxes() -> Vec<Vec<u8>> {
    let mut seeds = cases_named(|name| name.contains("boxes"));
    seeds.push(
        b"BOXID,VERMOGEN_NOMINAAL,LAT,LONG,STATIONSNAAM,STATION_BEDRIJFSSTATUS\nA,630,53.1,5.4,\"Markt, hoek\",In bedrijf\n"
            .to_vec(),
    );
    seeds
}

pub(crate) fn parquets() -> Vec<Vec<u8>> {
    let mut seeds =
        cases_named(|name| name.ends_with(".parquet") && !name.contains("boxes") && !name.contains("09-"));
    seeds.push(small_parquet());
    seeds
}

fn small_parquet() -> Vec<u8> {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
    let times = TimestampMicrosecondArray::from_iter_values(
        (0..50).map(|row| 1_794_000_000_000_000 + row * 900_000_000),
    );
    let columns: [(&str, ArrayRef); 4] = [
        ("BOXID", Arc::new(StringArray::from(vec!["ESD.000700-1"; 50]))),
        ("CHANNELID", Arc::new(StringArray::from(vec![CHANNEL; 50]))),
        ("WAARDE", Arc::new(Float64Array::from_iter_values((0..50).map(f64::from)))),
        ("DATUMTIJD", Arc::new(times.with_timezone("UTC"))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub(crate) fn compressed() -> Vec<Vec<u8>> {
    let mut seeds = cases_named(|name| name.ends_with(".gz") || name.ends_with(".zst"));
    for text in texts() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        let gzip = gzip.finish().unwrap();
        seeds.push([gzip.as_slice(), &[0; 16]].concat());
        seeds.push([gzip.as_slice(), &gzip].concat());
        seeds.push(zstd::encode_all(text.as_slice(), 1).unwrap());
    }
    seeds
}

pub(crate) fn delta_logs() -> Vec<Vec<u8>> {
    let mut seeds = cases_named(|name| name.contains("_delta_log"));
    seeds.push(
        b"{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}\n{\"add\":{\"path\":\"a.parquet\",\"size\":1}}\n\
          {\"remove\":{\"path\":\"b%20c.parquet\"}}\n"
            .to_vec(),
    );
    seeds
}

/// Times, numbers and patterns of times, one a line.
pub(crate) fn cells() -> Vec<Vec<u8>> {
    let texts = [
        "2026-11-16 00:15:00\n52.5\n%d-%m-%Y %H:%M",
        "16-11-2026 0:15\n1.234,5\n%d-%m-%Y %H:%M",
        "11/16/2026 12:15:00 AM\n1,234.5\n%m/%d/%Y %I:%M:%S %p",
        "2026-11-16T00:15:00.000+01:00[Europe/Amsterdam]\n1e3\n%+",
        "1794836700\n-0.5\n%s",
        "2026-11-16 24:00\n1.234.567\n%F %T%.f %z",
        "20261116T0015Z\nNaN\n%Y%m%dT%H%M",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
