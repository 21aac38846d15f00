//! Columns that the path of a file holds: `BOXID=ESD.000240-2/part-0.parquet`.

use std::path::{Component, Path};

/// What Hive writes for null.
const NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The value that a folder of the path gives to `column`, as Spark and Hive write it; the innermost
/// counts. Empty for null, None if no folder gives one.
pub fn partition_value(file: &Path, column: &str) -> Option<String> {
    let folders = file.parent()?.components().rev();
    let value = |component: Component<'_>| {
        let Component::Normal(name) = component else { return None };
        let (key, value) = name.to_str()?.split_once('=')?;
        percent_decoded(key)?.eq_ignore_ascii_case(column).then(|| percent_decoded(value))?
    };
    folders.filter_map(value).next().map(|value| if value == NULL { String::new() } else { value })
}

/// The text with its `%3A` and the like decoded; a percent sign of another kind stays. None if it is
/// no UTF-8 then.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digit = |index: usize| after.get(index).and_then(|&byte| char::from(byte).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_columns() {
        let value = |path: &str, column: &str| partition_value(Path::new(path), column);
        let path = "data/year=2026/boxid=ESD.000700-1/CHANNELID=register%3A%2F%2Fx%2F0/part=0.parquet";
        assert_eq!(value(path, "BOXID").as_deref(), Some("ESD.000700-1"));
        assert_eq!(value(path, "CHANNELID").as_deref(), Some("register://x/0"));
        assert_eq!(value(path, "part"), None, "a file is no folder");
        assert_eq!(value("BOXID=A/BOXID=B/1.csv", "BOXID").as_deref(), Some("B"));
        assert_eq!(value("BOXID=__HIVE_DEFAULT_PARTITION__/1.csv", "BOXID").as_deref(), Some(""));
        assert_eq!(value("1.csv", "BOXID"), None);
        assert_eq!(percent_decoded("100%25 a%2 %zz é%C3%A9").as_deref(), Some("100% a%2 %zz éé"));
        assert_eq!(percent_decoded("%ff"), None);
    }
}
